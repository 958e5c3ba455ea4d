import { defineConfig, type Plugin } from 'vite';
import { LANGUAGES } from '../../../libs/words/languages.js';
import { OFFLINE_WORDS } from '../../../libs/words/offline.js';
import { singleFileBuild } from '../single-file.js';
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

/** The page as one file that needs no service. It hashes in WebAssembly, in a worker that is made of a text in it. */
export default defineConfig(
  singleFileBuild(import.meta.url, 'offline', { script: ["'wasm-unsafe-eval'"], more: ['worker-src blob:'] }, [
    withoutScript,
    workerInScript,
  ]),
);
