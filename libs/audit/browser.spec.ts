import { fileURLToPath } from 'node:url';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { expect, it } from 'vitest';
import type { emptyAudit } from './audit.js';
import type { formatState, parseState } from './kept-state.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    emptyAudit: typeof emptyAudit;
    formatState: typeof formatState;
    parseState: typeof parseState;
  };
  const kept = library.formatState(library.emptyAudit(), 'note');
  expect(library.parseState(kept).notes).toBe('note');
});
