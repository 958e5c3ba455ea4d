import { fileURLToPath } from 'node:url';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { expect, it } from 'vitest';
import type { formatStatusLeaf, parseStatusLeaf } from './leaf.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    formatStatusLeaf: typeof formatStatusLeaf;
    parseStatusLeaf: typeof parseStatusLeaf;
  };
  const bytes = new Uint8Array(40);
  bytes[0] = 0x10;
  bytes[39] = 9;
  // By value: arrays of another context have another class.
  expect([...library.formatStatusLeaf(library.parseStatusLeaf(bytes))]).toEqual([...bytes]);
});
