import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import type { decide } from './decide.js';
import type { openGatePack } from './open.js';
import { sampleLog } from './testing/gate-cases.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    decide: typeof decide;
    openGatePack: typeof openGatePack;
  };
  const { log, pack, permits } = sampleLog();
  const open = library.openGatePack(pack, log.key);
  const said = library.decide(log.code(permits.valid, 'landmark'), { key: log.key, pack: open, nowMs: log.at(10) });
  expect(said.answer).toBe('valid');
});
