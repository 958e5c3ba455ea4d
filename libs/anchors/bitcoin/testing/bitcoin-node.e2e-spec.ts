import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBitcoinNode, type BitcoinNode } from './bitcoin-node.js';

describe('a regtest node of our own', () => {
  let node: BitcoinNode;
  beforeAll(async () => {
    node = await startBitcoinNode();
  });
  afterAll(async () => node?.stop());

  it('mines, and puts an OP_RETURN payload into a block whose transaction it finds again', async () => {
    const payload = createHash('sha256').update('sandbox').digest();
    const before = await node.height();
    const { transactionId, raw } = await node.sendOpReturn(payload);
    const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();
    expect(
      Buffer.from(sha256(sha256(raw)))
        .reverse()
        .toString('hex'),
    ).toBe(transactionId);
    expect(Buffer.from(raw).includes(payload)).toBe(true);
    expect(await node.findTransaction(transactionId, before + 1)).toBeNull();
    await node.mine(1);
    const mined = await node.findTransaction(transactionId, before + 1);
    expect(mined?.height).toBe(before + 1);
    const header = await node.header(before + 1);
    expect(header.length).toBe(80);
    expect(
      Buffer.from(sha256(sha256(header)))
        .reverse()
        .toString('hex'),
    ).toBe(mined?.blockHash);
  });

  it('takes blocks out of the chain', async () => {
    const height = await node.height();
    await node.invalidateFrom(height);
    expect(await node.height()).toBe(height - 1);
  });

  it('refuses unknown methods with the reason', async () => {
    await expect(node.rpc('nosuchmethod')).rejects.toThrow(/nosuchmethod|not found/i);
  });

  it('ends its process on stop', async () => {
    const other = await startBitcoinNode();
    await other.stop();
    expect(() => process.kill(other.pid, 0)).toThrow();
  });
});
