import { fileURLToPath } from 'node:url';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { expect, it } from 'vitest';
import type { ask } from './ask.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as { ask: typeof ask };
  const answer = await library.ask({ bitcoin: [], evm: [] }, { chain: 'bitcoin', height: 1, expected: null });
  expect(answer.outcome).toBe('not-asked');
});
