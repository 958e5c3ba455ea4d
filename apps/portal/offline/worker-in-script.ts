import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions, type Plugin } from 'vite';

const WORKER = fileURLToPath(new URL('../hash-worker.ts', import.meta.url));
const PLACE = fileURLToPath(new URL('hash-worker-script.ts', import.meta.url));

/** Puts the whole script of the worker that hashes into the page, as a text: a page that is opened from disk may load no other file. */
export const workerInScript: Plugin = {
  name: 'worker-in-script',
  enforce: 'pre',
  async load(id) {
    if (id !== PLACE) return undefined;
    const made = await build({
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
      build: {
        write: false,
        target: 'es2022',
        reportCompressedSize: false,
        // As a library: what loads further modules in a page has no place here.
        lib: { entry: WORKER, formats: ['iife'], name: 'worker' },
        rolldownOptions: { output: { codeSplitting: false } },
      },
    });
    const [chunk, ...more] = [made].flat().flatMap((one) => ('output' in one ? one.output : []));
    if (chunk?.type !== 'chunk' || more.length > 0)
      throw new Error('Building the worker: expected one script, got more');
    return { code: `export default ${JSON.stringify(chunk.code.trim())};`, moduleType: 'js' };
  },
};
