import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import type { parseTimestamp, serializeTimestamp } from './codec.js';
import { loadInBareContext } from './testing/browser-bundle.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    parseTimestamp: typeof parseTimestamp;
    serializeTimestamp: typeof serializeTimestamp;
  };
  // Every hash, so that each implementation is seen to work there.
  const bytes = hexToBytes('020308' + '67' + 'f3' + '000588960d73d719010105');
  const timestamp = library.parseTimestamp(bytes, new Uint8Array(32));
  // By value: arrays of another context have another class.
  expect([...library.serializeTimestamp(timestamp)]).toEqual([...bytes]);
});
