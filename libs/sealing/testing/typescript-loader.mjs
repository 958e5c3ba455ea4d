// Module hooks for tests: read the sources' .js and # imports as the TypeScript files that they are.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const libraries = new URL('../../', import.meta.url);

export async function resolve(specifier, context, next) {
  const fromSource = context.parentURL?.endsWith('.ts');
  const relative = fromSource && specifier.startsWith('.') ? new URL(specifier, context.parentURL) : undefined;
  const url = specifier.startsWith('#') ? new URL(specifier.slice(1), libraries) : relative;
  if (url === undefined) return next(specifier, context);
  return next(url.href.replace(/\.js$/, '.ts'), context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { outputText } = ts.transpileModule(await readFile(fileURLToPath(url), 'utf8'), {
    fileName: url,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
