import { describe, expect, it } from 'vitest';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { mineChain } from '#bitcoin/testing/mined-header.js';
import { createPackSource } from './pack-source.js';

const chain = mineChain([1, 2, 3, 4, 5].map((i) => new Uint8Array(32).fill(i)));
const later = formatHeaderPack('regtest', 2, chain.slice(2));
const pin = (height: number) => ({ height, hash: parseBlockHeader(chain[height]!).hash });

describe('a header pack as a source', () => {
  it('gives the header of every height it covers and no other', async () => {
    const source = createPackSource(later, { name: 'my pack' });
    expect(source.name).toBe('my pack');
    expect(await source.network?.()).toBe('regtest');
    expect(await source.tip?.()).toBe(5);
    for (let height = 2; height <= 5; height++) expect(await source.header(height)).toEqual(chain[height]);
    for (const height of [-1, 0, 1, 6, 2.5, Number.NaN]) {
      await expect(source.header(height)).rejects.toThrow(expect.objectContaining({ code: 'no-such-block' }));
    }
  });

  it('says what it hangs on', () => {
    expect(createPackSource(later).anchored).toEqual({ status: 'unpinned', first: pin(2) });
    const anchored = { status: 'pinned', by: 'caller', block: pin(4) };
    expect(createPackSource(later, { pins: [pin(2), pin(4)] }).anchored).toEqual(anchored);
  });
});
