import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, describe, expect, it } from 'vitest';
import { formatEvmAttestation, type EvmAttestation } from '#evm/attestation.js';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import type { EvmSource } from '#source/evm-source.js';
import { encodeHeader } from '#evm/header.js';
import { buildTransactionTrie } from '#evm/trie.js';
import { checkEvmAttestation } from '#proof/anchors/evm/check.js';
import { ask } from '#source/ask.js';
import { startEvmNode, type EvmNode, type EvmNodeOptions } from '#anchors/evm/testing/evm-node.js';

const bytes = (hex: string) => hexToBytes(hex.slice(2));

describe('an attestation checked with real nodes', () => {
  let nodes: EvmNode[] = [];
  const start = async (options: EvmNodeOptions = {}) => {
    const node = await startEvmNode({ genesisTimestamp: 1_767_225_600, slotsInAnEpoch: 2, ...options });
    nodes.push(node);
    return node;
  };
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
  });

  const sourceOf = (node: EvmNode): EvmSource => createEvmNodeSource({ url: node.rpcUrl, fetch });
  const root = new Uint8Array(createHash('sha256').update(randomBytes(32)).digest());
  const check = (attestation: EvmAttestation, ...evm: EvmSource[]) =>
    checkEvmAttestation(attestation, { size: 5, root, text: '' }, (question) => ask({ bitcoin: [], evm }, question));

  /** Has the root mined in a block of its own, and attests it. */
  async function anchored(node: EvmNode): Promise<{ attestation: EvmAttestation; raw: string }> {
    const [from, to] = [node.accounts[0]!.address, node.accounts[1]!.address];
    const data = `0x${Buffer.from(root).toString('hex')}`;
    const hash = await node.rpc<string>('eth_sendTransaction', { from, to, data });
    // A busy node answers before it has mined.
    let receipt: { blockNumber: string } | null = null;
    for (let i = 0; i < 100 && receipt === null; i++) {
      receipt = await node.rpc<{ blockNumber: string } | null>('eth_getTransactionReceipt', hash);
      if (receipt === null) await sleep(50);
    }
    const block = (await node.block(Number(receipt!.blockNumber)))!;
    const raw = await node.rpc<string>('eth_getRawTransactionByHash', hash);
    const attestation = formatEvmAttestation({
      chainId: node.chainId,
      genesis: bytes((await node.block(0))!.hash),
      block: bytes(block.hash),
      header: encodeHeader(block),
      index: 0,
      transaction: bytes(raw),
      path: buildTransactionTrie([bytes(raw)]).path(0),
    });
    return { attestation, raw };
  }

  it('is confirmed first and final when the chain says so', async () => {
    const node = await start();
    await node.mine(5);
    const { attestation } = await anchored(node);
    const found = () => check(attestation, sourceOf(node));
    expect(await found()).toMatchObject({ outcome: 'passed', finality: 'confirmed' });
    await node.mine(3);
    expect(await found()).toMatchObject({ outcome: 'passed', finality: 'confirmed' });
    await node.mine(1);
    expect(await found()).toMatchObject({ outcome: 'passed', finality: 'final' });
  });

  it.each([1, 3, 7])(
    'fails once its block is gone in a reorganisation of %i, though the transaction is mined again',
    async (depth) => {
      const node = await start();
      await node.mine(8);
      const { attestation, raw } = await anchored(node);
      await node.mine(depth - 1);
      expect((await check(attestation, sourceOf(node))).outcome).toBe('passed');
      await node.reorg(depth, [raw]);
      const found = await check(attestation, sourceOf(node));
      expect(found).toMatchObject({ outcome: 'failed', reason: 'other-block', height: 9 });
      expect((await node.block(9))?.transactions).toHaveLength(1);
    },
  );

  it('is unavailable while nodes follow different branches, and when the only one is behind', async () => {
    const node = await start();
    await node.mine(2);
    const twin = await start();
    // Two nodes of one chain: block 0 is the same.
    expect((await twin.block(0))?.hash).toBe((await node.block(0))?.hash);
    await twin.mine(5);
    const { attestation } = await anchored(node);
    const behind = await start();
    expect(await check(attestation, sourceOf(node), sourceOf(twin))).toMatchObject({
      outcome: 'unavailable',
      reason: 'contradicted',
    });
    expect(await check(attestation, sourceOf(behind))).toMatchObject({
      outcome: 'unavailable',
      reason: 'absent',
    });
    expect(await check(attestation, sourceOf(node), sourceOf(behind))).toMatchObject({ outcome: 'passed' });
    expect(await check(attestation, sourceOf(twin))).toMatchObject({ outcome: 'failed' });
  });

  it('is not judged by a node of another chain, nor by one that is down', async () => {
    const node = await start();
    const { attestation } = await anchored(node);
    const otherId = await start({ chainId: 4711 });
    const otherGenesis = await start({ genesisTimestamp: 1_767_225_601 });
    await otherId.mine(1);
    await otherGenesis.mine(1);
    const strangers = [sourceOf(otherId), sourceOf(otherGenesis)];
    expect(await check(attestation, ...strangers)).toMatchObject({
      outcome: 'unavailable',
      reason: 'not-asked',
    });
    const beside = await check(attestation, ...strangers, sourceOf(node));
    expect(beside).toMatchObject({
      outcome: 'passed',
      silent: [{ reason: 'other-chain', detail: expect.stringContaining('4711') as string }, { reason: 'other-chain' }],
    });
    await node.shutDown();
    const down = await check(attestation, sourceOf(node));
    expect(down).toMatchObject({ outcome: 'unavailable', reason: 'no-answer', height: 1 });
    await node.start();
    expect((await check(attestation, sourceOf(node))).outcome).toBe('passed');
  });
});
