import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  formatEvmAttestation,
  readEvmAttestation,
  evmAttestationBytes,
  verifyEvmAttestation,
} from '#evm/attestation.js';
import { encodeHeader, parseHeader } from '#evm/header.js';
import { hasPython } from '#setting/testing/programs.js';
import { decodeRlpList } from '#evm/rlp.js';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import { blockForm, parseTransaction } from '#evm/transaction.js';
import { buildTransactionTrie, verifyAccountProof } from '#evm/trie.js';
import { startEvmNode, type EvmAccount, type EvmBlock, type EvmNode, type EvmNodeOptions } from './testing/evm-node.js';
import { kindsOf, signed, type TransactionKind } from './testing/evm-transactions.js';

const FORKS = ['istanbul', 'berlin', 'london', 'paris', 'shanghai', 'cancun', 'prague', 'osaka'];
const TYPES: Record<TransactionKind, number> = {
  unprotected: 0,
  legacy: 0,
  eip2930: 1,
  eip1559: 2,
  eip4844: 3,
  eip7702: 4,
};
const VECTORS = fileURLToPath(new URL('../../evm/vectors/anvil-blocks.json', import.meta.url));
const RECOMPUTE = fileURLToPath(new URL('../../evm/testing/recompute.py', import.meta.url));
const PYTHON = '/usr/bin/python3';
const root = (text: string) => createHash('sha256').update(text).digest('hex');
const bytes = (hex: string) => hexToBytes(hex.slice(2));

/** What a script that shares no code with ours makes of the node's raw answers: the attestation's text, and what went wrong. */
async function recompute(...args: string[]): Promise<{ text: string; errors: string }> {
  const script = spawn(PYTHON, [RECOMPUTE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [text, errors] = ['', ''];
  script.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  script.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(script, 'close');
  return { text, errors };
}
const withPython = hasPython();

/** A block as a vector keeps it. */
interface BlockVector {
  about: string;
  block: EvmBlock;
  transactions: string[];
}

describe('attestations from a real node', () => {
  let node: EvmNode;
  const vectors: BlockVector[] = [];
  const start = async (options: EvmNodeOptions) => (node = await startEvmNode({ noMining: true, ...options }));
  afterEach(() => node.stop());

  /** Mines a block of these transactions and reads it back whole. */
  async function mined(transactions: readonly string[]): Promise<{ block: EvmBlock; raw: Uint8Array[] }> {
    for (const transaction of transactions) await node.rpc('eth_sendRawTransaction', transaction);
    await node.mine();
    const block = (await node.block('latest'))!;
    expect(block.transactions).toHaveLength(transactions.length);
    const raw: Uint8Array[] = [];
    for (const hash of block.transactions) {
      raw.push(bytes(await node.rpc<string>('eth_getRawTransactionByHash', hash)));
    }
    return { block, raw };
  }

  /** Makes the attestation of one transaction of a block, and verifies it from its bytes. */
  async function attest(
    block: EvmBlock,
    raw: readonly Uint8Array[],
    index: number,
    value: string,
    trie = buildTransactionTrie(raw),
  ) {
    const header = encodeHeader(block);
    const attestation = formatEvmAttestation({
      chainId: node.chainId,
      genesis: bytes((await node.block(0))!.hash),
      block: bytes(block.hash),
      header,
      index,
      transaction: raw[index]!,
      path: trie.path(index),
    });
    const read = readEvmAttestation(evmAttestationBytes(attestation));
    return { attestation: read, anchoring: verifyEvmAttestation(read, hexToBytes(value)) };
  }

  it.each(FORKS)(
    'prove every kind of transaction that %s has, but for blobs',
    { timeout: 60_000 },
    async (hardfork) => {
      await start({ hardfork, genesisTimestamp: 1_767_225_600 });
      const kinds = kindsOf(hardfork).filter((kind) => kind !== 'eip4844');
      const value = root(hardfork);
      const to = node.accounts[9]!.address;
      const sent = await Promise.all(
        kinds.map((kind, i) => signed(node, i, { kind, nonce: 0, to, data: `0x${value}` })),
      );
      const { block, raw } = await mined(sent);
      const header = parseHeader(encodeHeader(block));
      expect(header.number).toBe(1);
      expect(header.timestampMs).toBe(Number(block.timestamp) * 1000);
      expect(bytesToHex(header.parentHash)).toBe((await node.block(0))!.hash.slice(2));
      const { root: trieRoot } = buildTransactionTrie(raw);
      expect(bytesToHex(trieRoot)).toBe(bytesToHex(header.transactionsRoot));
      const read = raw.map(parseTransaction);
      expect(read.map(({ hash }) => `0x${bytesToHex(hash)}`)).toEqual(block.transactions);
      expect(new Set(read.map(({ type }) => type))).toEqual(new Set(kinds.map((kind) => TYPES[kind])));
      const source = createEvmNodeSource({ url: node.rpcUrl, fetch });
      for (const [index, { chainId, type }] of read.entries()) {
        if (chainId === null) {
          await expect(attest(block, raw, index, value)).rejects.toThrow(
            expect.objectContaining({ code: 'other-chain' }),
          );
          expect(type).toBe(0);
          continue;
        }
        const { anchoring } = await attest(block, raw, index, value);
        expect(anchoring).toMatchObject({ number: 1, chainId: 31337, timeMs: header.timestampMs });
        expect(`0x${bytesToHex(anchoring.to)}`).toBe(to.toLowerCase());
        expect(await source.block(1)).toEqual({ hashFits: true, hash: anchoring.blockHash, timeMs: anchoring.timeMs });
      }
      vectors.push({ about: hardfork, block, transactions: raw.map(bytesToHex) });
    },
  );

  it.each(['cancun', 'prague', 'osaka'])('prove transactions beside blobs of %s', async (hardfork) => {
    await start({ hardfork });
    const to = node.accounts[9]!.address;
    const value = root('blob');
    const kinds: TransactionKind[] = ['eip4844', 'legacy', 'eip1559'];
    const cellProofs = hardfork === 'osaka';
    const sent = await Promise.all(
      kinds.map((kind, i) => signed(node, i, { kind, nonce: 0, to, data: `0x${value}`, cellProofs })),
    );
    const { block, raw } = await mined(sent);
    const inBlocks = raw.map(blockForm);
    const read = inBlocks.map(parseTransaction);
    expect(read.map(({ hash }) => `0x${bytesToHex(hash)}`)).toEqual(block.transactions);
    expect(new Set(read.map(({ type }) => type))).toEqual(new Set([0, 2, 3]));
    // Here anvil is not as Ethereum is: its trie holds blob transactions with their blobs, which EIP-4844 leaves out of blocks.
    const header = parseHeader(encodeHeader(block));
    expect(buildTransactionTrie(raw).root).toEqual(header.transactionsRoot);
    expect(buildTransactionTrie(inBlocks).root).not.toEqual(header.transactionsRoot);
    for (const [index, { type }] of read.entries()) {
      if (type !== 3) expect((await attest(block, raw, index, value)).anchoring).toMatchObject({ number: 1 });
    }
  });

  it('prove the transactions of blocks of 1, 2, 128 and 300', async () => {
    await start({ hardfork: 'prague', genesisTimestamp: 1_767_225_600 });
    const to = node.accounts[9]!.address;
    let nonce = 0;
    for (const count of [1, 2, 128, 300]) {
      const from = nonce;
      const kinds: TransactionKind[] = ['legacy', 'eip1559', 'eip2930'];
      const sent = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          signed(node, 0, { kind: kinds[i % 3]!, nonce: from + i, to, data: `0x${root(`${from + i}`)}` }),
        ),
      );
      nonce += count;
      const { block, raw } = await mined(sent);
      const trie = buildTransactionTrie(raw);
      for (let index = 0; index < count; index++) {
        const { anchoring } = await attest(block, raw, index, root(`${from + index}`), trie);
        expect(bytesToHex(anchoring.blockHash)).toBe(block.hash.slice(2));
      }
      if (count === 300) vectors.push({ about: `${count} transactions`, block, transactions: raw.map(bytesToHex) });
    }
  });

  it('have headers whose state proves how many transactions an account has made, and nothing else', async () => {
    await start({});
    const [{ address }, { address: to }] = node.accounts as [EvmAccount, EvmAccount];
    for (let i = 0; i < 3; i++) await node.rpc('eth_sendTransaction', { from: address, to });
    await node.mine();
    const { stateRoot } = (await node.block('latest'))! as EvmBlock & { stateRoot: string };
    const { accountProof } = await node.rpc<{ accountProof: string[] }>('eth_getProof', address, [], 'latest');
    const path = accountProof.map(bytes);
    expect(path.length).toBeGreaterThan(1);
    const [nonce, , ...more] = decodeRlpList(verifyAccountProof(bytes(stateRoot), bytes(address), path));
    expect([nonce, more.length]).toEqual([Uint8Array.of(3), 2]);
    const refused = expect.objectContaining({ name: 'EvmError' }) as Error;
    const other = bytes(`0x${'77'.repeat(20)}`);
    expect(() => verifyAccountProof(bytes(stateRoot), other, path)).toThrow(refused);
    for (const [i, bit] of path.flatMap((one, i) =>
      Array.from({ length: one.length * 8 }, (_, k) => [i, k] as const),
    )) {
      const changed = path.map((one) => one.slice());
      changed[i]![bit >> 3]! ^= 1 << (bit & 7);
      expect(() => verifyAccountProof(bytes(stateRoot), bytes(address), changed)).toThrow(refused);
    }
    for (const wrong of [
      [],
      path.slice(1),
      path.slice(0, -1),
      [...path, path[0]!],
      Array<Uint8Array>(67).fill(path[0]!),
    ])
      expect(() => verifyAccountProof(bytes(stateRoot), bytes(address), wrong)).toThrow(refused);
  });

  it.skipIf(!withPython)('are made in the same bytes by a script that asks the node by itself', async () => {
    await start({ hardfork: 'prague' });
    const to = node.accounts[9]!.address;
    const kinds: TransactionKind[] = ['legacy', 'eip2930', 'eip1559', 'eip7702'];
    for (const count of [1, 130]) {
      const nonces = await Promise.all(
        [0, 1, 2, 3].map(async (i) =>
          Number(await node.rpc('eth_getTransactionCount', node.accounts[i]!.address, 'latest')),
        ),
      );
      const sent = await Promise.all(
        Array.from({ length: count }, (_, i) => {
          // One authorization is enough: nodes take few transactions at a time from an account that has given its code away.
          const which = i === 3 ? 3 : i % 3;
          const nonce = nonces[which]!++;
          return signed(node, which, { kind: kinds[which]!, nonce, to, data: `0x${root(`${count} ${i}`)}` });
        }),
      );
      const { block, raw } = await mined(sent);
      const trie = buildTransactionTrie(raw);
      for (const index of new Set([0, Math.floor(count / 2), count - 1])) {
        const value = bytesToHex(parseTransaction(raw[index]!).input);
        const { attestation } = await attest(block, raw, index, value, trie);
        const { text, errors } = await recompute(node.rpcUrl, block.transactions[index]!, value);
        expect(errors).toBe('');
        expect(text).toBe(new TextDecoder().decode(evmAttestationBytes(attestation)));
        const wrong = await recompute(node.rpcUrl, block.transactions[index]!, root('another'));
        expect(wrong.errors).toContain('chain, receiver or root');
      }
    }
  });

  it('renew the vectors of the library when asked to', async () => {
    await start({});
    // WRITE_VECTORS=1 writes new ones: blocks of another hour, with other hashes.
    if (!process.env['WRITE_VECTORS']) return;
    const cases = vectors.map(({ about, block, transactions }) => ({
      about,
      block: { ...block, transactions: undefined, withdrawals: undefined, uncles: undefined, size: undefined },
      transactions,
    }));
    const client = await node.rpc<string>('web3_clientVersion');
    writeFileSync(VECTORS, `${JSON.stringify({ origin: `mined with ${client}`, cases }, null, 1)}\n`);
    expect(cases).toHaveLength(FORKS.length + 1);
  });
});
