// Builds what is older than its sources: the Prisma client, the Node applications and libraries, the page.
// Used by `npm start`, `npm test` and `npm run build` (which passes --force); a step's name as argument builds that step alone.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampOf = (step) => join(root, 'dist', '.built', step);

/** Newest modification time below the given paths, in milliseconds. */
function newest(paths) {
  let time = 0;
  for (const path of paths) {
    const entry = statSync(join(root, path), { throwIfNoEntry: false });
    if (!entry) continue;
    time = Math.max(time, entry.mtimeMs);
    if (!entry.isDirectory()) continue;
    for (const name of readdirSync(join(root, path))) {
      if (name !== 'generated' && name !== 'test') time = Math.max(time, newest([join(path, name)]));
    }
  }
  return time;
}

/** Removes compiled files below `folder` that were written before `time`; the page and the stamps are not this build's. */
function removeOlder(folder, time) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'portal' && entry.name !== '.built') removeOlder(path, time);
    } else if (statSync(path).mtimeMs < time) {
      rmSync(path);
    }
  }
}

/** The second verifier, in Python, which `sealroot export` hands out. */
function copyVerifier() {
  for (const room of ['evm', 'proof', 'status', 'tsp']) {
    const [from, to] = [root, join(root, 'dist')].map((base) => join(base, 'libs', room, 'testing'));
    cpSync(from, to, { recursive: true, filter: (path) => path === from || path.endsWith('.py') });
  }
}

function run(program, args, env = {}) {
  const script = join(root, 'node_modules', ...program);
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    console.error(`sealroot: building failed at ${program.at(-1)} ${args.join(' ')}`);
    process.exit(1);
  }
}

const steps = [
  {
    name: 'client',
    sources: ['prisma/schema.prisma', 'package-lock.json'],
    output: 'libs/database/generated/client.ts',
    // No schema engine is needed to generate; naming one keeps the tool from downloading its own.
    build: () =>
      run(['prisma-cli', 'build', 'index.js'], ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }),
  },
  {
    name: 'node',
    sources: ['apps', 'libs', 'prisma', 'tsconfig.json', 'package-lock.json'],
    output: 'dist/apps/standalone/main.js',
    build: () => {
      // The old output stays until the new one is there, and everything that this build did not write goes afterwards.
      const started = Date.now();
      // The native compiler writes what `nest build` writes, in a tenth of the time; types are checked by `npm run typecheck`.
      run(['typescript-native', 'bin', 'tsc'], ['-p', 'apps/tsconfig.build.json', '--noCheck']);
      removeOlder(join(root, 'dist'), started);
      copyVerifier();
    },
  },
  {
    name: 'portal',
    sources: ['apps/portal', 'libs', 'package-lock.json'],
    output: 'dist/apps/portal/index.html',
    build: () => {
      for (const page of ['apps/portal', 'apps/portal/gate', 'apps/portal/offline'])
        run(['vite', 'bin', 'vite.js'], ['build', '--config', `${page}/vite.config.ts`, '--logLevel', 'warn']);
    },
  },
];

const force = process.argv.includes('--force');
const only = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
for (const step of steps) {
  if (only !== undefined && step.name !== only) continue;
  const built = statSync(stampOf(step.name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const present = statSync(join(root, step.output), { throwIfNoEntry: false }) !== undefined;
  if (!force && present && built >= newest(step.sources)) continue;
  const started = Date.now();
  console.error(`sealroot: building ${step.name} …`);
  step.build();
  mkdirSync(dirname(stampOf(step.name)), { recursive: true });
  writeFileSync(stampOf(step.name), '');
  console.error(`sealroot: built ${step.name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
