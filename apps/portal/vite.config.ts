import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

/** Builds the citizens' page into `dist/apps/portal`, from where the API serves it at `/`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses let the page live under a path prefix of a reverse proxy.
  base: './',
  // Subpath imports (`#proof/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
  resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
  build: {
    outDir: fileURLToPath(new URL('../../dist/apps/portal', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
