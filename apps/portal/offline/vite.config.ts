import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { LANGUAGES } from '../../../libs/words/languages.js';
import { OFFLINE_WORDS } from '../../../libs/words/offline.js';
import { singleFile } from '../single-file.js';
import { workerInScript } from './worker-in-script.js';

/** Says in every language what is missing where scripts are off. */
const withoutScript: Plugin = {
  name: 'without-script',
  transformIndexHtml: (html) =>
    html.replace(
      '<div id="page"></div>',
      `<div id="page"><main class="without-script"><h1>Sealroot 印证</h1>${LANGUAGES.map(
        ({ tag }) => `<p lang="${tag}">${OFFLINE_WORDS[tag]!.page.withoutScript}</p>`,
      ).join('')}</main></div>`,
    ),
};

/** Builds the page as one file that needs no service, `dist/apps/portal/offline.html`, beside the citizens' page and after it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // Subpath imports (`#proof/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
  resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
  // It hashes in WebAssembly, in a worker that is made of a text in it.
  plugins: [withoutScript, workerInScript, singleFile({ script: ["'wasm-unsafe-eval'"], more: ['worker-src blob:'] })],
  build: {
    outDir: fileURLToPath(new URL('../../../dist/apps/portal', import.meta.url)),
    emptyOutDir: false,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: fileURLToPath(new URL('offline.html', import.meta.url)),
      output: { codeSplitting: false },
    },
  },
});
