import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import { singleFile } from '../single-file.js';

/** Builds the page of a gate as one file, `dist/apps/portal/gate.html`, beside the citizens' page and after it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // Subpath imports (`#gate/…`) mean TypeScript sources under this condition; without it, the Node build in `dist/`.
  resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
  plugins: [singleFile({ more: ['media-src blob:'] })],
  build: {
    outDir: fileURLToPath(new URL('../../../dist/apps/portal', import.meta.url)),
    emptyOutDir: false,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: fileURLToPath(new URL('gate.html', import.meta.url)), output: { codeSplitting: false } },
  },
});
