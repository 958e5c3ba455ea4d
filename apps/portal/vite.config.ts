import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { LANGUAGES } from '../../libs/words/languages.js';

/** Says, in every language, what can be done where the page does not run, or a part of it could not be fetched: it stands where the page would. */
const withoutScript: Plugin = {
  name: 'without-script',
  transformIndexHtml: (html) =>
    html.replace(
      '<div id="page"></div>',
      `<div id="page"><main class="without-script"><h1>Sealroot 印证</h1>${LANGUAGES.map(
        ({ page: { page }, tag }) =>
          `<p lang="${tag}">${page.withoutScript} <a href="./lookup?lang=${tag}">${page.withoutScriptLink}</a></p>`,
      ).join('')}</main></div>`,
    ),
};

/** The style of the pages that the service makes itself, under a name that they know. */
const pagesStyle: Plugin = {
  name: 'pages-style',
  apply: 'build',
  generateBundle() {
    const read = (name: string) => readFileSync(new URL(`./styles/${name}`, import.meta.url), 'utf8');
    const source = ['tokens.css', 'frame.css', 'pages.css'].map(read).join('');
    this.emitFile({ type: 'asset', fileName: 'pages.css', source });
  },
};

/** Builds the citizens' page into `dist/apps/portal`, from where the API serves it at `/`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses let the page live under a path prefix of a reverse proxy.
  base: './',
  // Subpath imports (`#proof/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
  resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
  plugins: [withoutScript, pagesStyle],
  // Loads its rarer parts as modules.
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../../dist/apps/portal', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // A reader is sent the words of one language: named, so that they can be told apart.
        chunkFileNames: ({ facadeModuleId }) => {
          const [, language] = /libs\/words\/([\w-]+)\/index\.ts$/.exec(facadeModuleId ?? '') ?? [];
          return language === undefined ? 'assets/[name]-[hash].js' : `assets/language-${language}-[hash].js`;
        },
      },
    },
  },
});
