import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'vite';

/** What the language itself does not bring but every browser and Node have; nothing else may be needed to load the code. */
const PLATFORM = { TextEncoder, TextDecoder, URL, AbortSignal };

/**
 * Bundles every module of a pure library's folder for browsers and runs the bundle where there is no Node: no `require`, no `process`,
 * no `Buffer`. Returns the exports of all modules together. Throws when a module asks for a Node built-in, even unused.
 */
export async function loadInBareContext(folder: string): Promise<Record<string, unknown>> {
  const entry = 'virtual:whole-library';
  const modules = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['sealroot-source', 'module', 'browser', 'production'] },
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: entry, output: { format: 'iife', name: 'library' }, preserveEntrySignatures: 'strict' },
    },
    plugins: [
      {
        name: 'pure-only',
        enforce: 'pre',
        resolveId(id) {
          if (id === entry) return `\0${entry}`;
          if (id.startsWith('node:') || builtinModules.includes(id)) {
            throw new Error(`Bundling ${folder}: expected no Node built-in, got ${id}`);
          }
          return undefined;
        },
        load(id) {
          if (id !== `\0${entry}`) return undefined;
          return modules.map((name) => `export * from ${JSON.stringify(join(folder, name))};`).join('\n');
        },
      },
    ],
  });
  const [bundle] = Array.isArray(output) ? output : [output];
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : undefined;
  if (chunk === undefined) throw new Error(`Bundling ${folder}: expected one chunk, got none`);
  const context = createContext({ ...PLATFORM });
  return runInContext(`${chunk.code}; library`, context) as Record<string, unknown>;
}
