import { fileURLToPath } from 'node:url';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { expect, it } from 'vitest';
import type { parseHeaderPack } from './header-pack.js';
import { mineChain } from './testing/mined-header.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    parseHeaderPack: typeof parseHeaderPack;
  };
  const chain = mineChain([new Uint8Array(32)]);
  const pack = new Uint8Array(160);
  chain.forEach((header, i) => pack.set(header, 80 * i));
  // By value: arrays of another context have another class.
  expect([...library.parseHeaderPack(pack).header(1)!]).toEqual([...chain[1]!]);
});
