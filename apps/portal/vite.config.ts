import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { LANGUAGES } from '../../libs/words/languages.js';

/** Says, in every language, what the page needs where it cannot run. */
const withoutScript: Plugin = {
  name: 'without-script',
  transformIndexHtml: (html) => ({
    html,
    tags: [
      {
        tag: 'noscript',
        injectTo: 'body-prepend',
        children: LANGUAGES.map(({ page, tag }) => ({
          tag: 'p',
          attrs: { class: 'noscript', lang: tag },
          children: page.page.withoutScript,
        })),
      },
    ],
  }),
};

/** Builds the citizens' page into `dist/apps/portal`, from where the API serves it at `/`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses let the page live under a path prefix of a reverse proxy.
  base: './',
  // Subpath imports (`#proof/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
  resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
  plugins: [withoutScript],
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
