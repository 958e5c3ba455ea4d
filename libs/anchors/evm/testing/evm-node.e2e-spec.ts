import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, describe, expect, it } from 'vitest';
import { anvilPath, startEvmNode, type EvmNode, type EvmNodeOptions } from './evm-node.js';

describe('an EVM node of our own', () => {
  let nodes: EvmNode[] = [];
  const start = async (options?: EvmNodeOptions) => {
    const node = await startEvmNode(options);
    nodes.push(node);
    return node;
  };
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
  });

  const send = (node: EvmNode) =>
    node.rpc<string>('eth_sendTransaction', { from: node.accounts[0]!.address, to: node.accounts[1]!.address });
  const receipt = (node: EvmNode, hash: string) =>
    node.rpc<{ blockNumber: string; blockHash: string } | null>('eth_getTransactionReceipt', hash);
  /** The node's miner is a task of its own, a moment behind the answer. */
  const sendAndSeeMined = async (node: EvmNode) => {
    const hash = await send(node);
    await expect.poll(() => receipt(node, hash)).not.toBeNull();
    return hash;
  };

  it('mines each transaction at once, with funded accounts whose keys it names', async () => {
    const node = await start({ chainId: 1337 });
    expect(await node.rpc('eth_chainId')).toBe('0x539');
    expect(node.accounts).toHaveLength(10);
    for (const { address, privateKey } of node.accounts) {
      expect(privateKeyToAccount(privateKey).address.toLowerCase()).toBe(address.toLowerCase());
    }
    const hash = await sendAndSeeMined(node);
    expect(await receipt(node, hash)).toMatchObject({ blockNumber: '0x1', status: '0x1' });
    expect(await node.height()).toBe(1);
    expect((await node.block(1))?.transactions).toEqual([hash]);
    expect(await node.block(2)).toBeNull();
    await expect(node.rpc('eth_nonsense')).rejects.toThrow(/eth_nonsense/);
  });

  it('mines only when told, takes a base fee, and follows finality by epochs', async () => {
    const node = await start({ noMining: true, slotsInAnEpoch: 2 });
    const hash = await send(node);
    expect(await receipt(node, hash)).toBeNull();
    await node.setNextBaseFee(77_000_000_000n);
    await node.mine();
    // The waiting transaction pays less than the base fee, and is forgotten.
    expect(await node.rpc('eth_getTransactionByHash', hash)).toBeNull();
    expect((await node.block('latest'))?.baseFeePerGas).toBe('0x11ed8ec200');
    await node.setNextBaseFee(1_000_000_000n);
    const again = await send(node);
    await node.mine(9);
    expect(await receipt(node, again)).toMatchObject({ blockNumber: '0x2' });
    expect(Number((await node.block('safe'))?.number)).toBe(8);
    expect(Number((await node.block('finalized'))?.number)).toBe(6);
  });

  it.each([1, 3, 7])('replaces its newest %i blocks, with or without what was in them', async (depth) => {
    const node = await start();
    await node.mine(10);
    const hash = await sendAndSeeMined(node);
    const raw = await node.rpc<string>('eth_getRawTransactionByHash', hash);
    await node.mine(depth - 1);
    const [before, kept] = [await node.block(11), await node.block(11 - 1)];
    await node.reorg(depth);
    expect(await node.height()).toBe(10 + depth);
    expect((await node.block(11))?.hash).not.toBe(before?.hash);
    expect(await node.block(10)).toEqual(kept);
    expect(await receipt(node, hash)).toBeNull();
    await node.reorg(depth, [raw]);
    expect(await receipt(node, hash)).toMatchObject({ blockNumber: '0xb' });
  });

  it('keeps its chain when shut down in order, not when killed', async () => {
    const node = await start({ genesisTimestamp: 1_767_225_600 });
    const hash = await sendAndSeeMined(node);
    await node.mine(3);
    const blocks = await Promise.all([0, 1, 4].map((number) => node.block(number)));
    const { pid } = node;
    await node.shutDown();
    expect(node.pid).toBe(0);
    await expect(node.height()).rejects.toThrow(/got none/);
    await node.start();
    expect(node.pid).not.toBe(pid);
    expect(await Promise.all([0, 1, 4].map((number) => node.block(number)))).toEqual(blocks);
    expect(await receipt(node, hash)).toMatchObject({ blockNumber: '0x1' });
    await sendAndSeeMined(node);
    expect(await node.height()).toBe(5);
    await node.kill();
    await node.start();
    expect(await node.height()).toBe(4);
  });

  it('says what is missing on a platform that anvil is not packed for', () => {
    expect(() => anvilPath('sunos', 'sparc')).toThrow(/expected the package @foundry-rs\/anvil-sunos-sparc, got none/);
    expect(anvilPath()).toMatch(/anvil(\.exe)?$/);
  });

  it('says why it cannot start', async () => {
    const node = await start();
    await expect(startEvmNode({ port: node.port })).rejects.toThrow(
      /expected it to listen, got exit code 1: .*in use/s,
    );
    await expect(startEvmNode({ hardfork: 'nonsense', port: node.port })).rejects.toThrow(/nonsense/);
  });
});
