import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import type { formatCode, parseCode } from './codec.js';
import type { qrModules } from './image.js';
import type { makeCode } from './make.js';
import { samplePermit } from './testing/sample-code.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    formatCode: typeof formatCode;
    makeCode: typeof makeCode;
    parseCode: typeof parseCode;
    qrModules: typeof qrModules;
  };
  const { record, document } = samplePermit();
  const text = library.formatCode(library.makeCode(record, 'landmark', document));
  expect(library.parseCode(text).document?.text).toBe(document.text);
  expect(library.qrModules(text)).toHaveLength(4 * 18 + 17 + 8);
});
