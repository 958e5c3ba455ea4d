// Builds the package @sealroot/sdk into dist/sdk (bundle, types, README, licence), which `npm pack dist/sdk` packs, and prints its size.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, defaultClientConditions } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'sdk');
const types = join(root, 'dist', '.sdk-types');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Bundles with everything that is needed: what installs it installs nothing else. */
async function bundle(entry, minify) {
  const { output } = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { conditions: ['sealroot-source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2022',
      minify,
      lib: { entry, formats: ['es'], fileName: 'index' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  }).then((result) => [result].flat()[0]);
  return output[0].code;
}

/** Declarations of what the entry reaches, which refer to each other by relative paths instead of the project's own names. */
function writeTypes() {
  rmSync(types, { recursive: true, force: true });
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--outDir',
    types,
    '--rootDir',
    'libs',
  ];
  const config = join(root, 'dist', 'sdk-types.json');
  const files = [join(root, 'libs', 'sdk', 'index.ts')];
  const compilerOptions = { rootDir: join(root, 'libs'), types: ['node'] };
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', files, include: [], compilerOptions }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', config, ...options], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('building the SDK: its types cannot be written');
  const rewrite = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) rewrite(path);
      else {
        const above = relative(dirname(path), types) || '.';
        writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(['"])#(?=[a-z]+\/)/g, `$1${above}/`));
      }
    }
  };
  rewrite(types);
  cpSync(types, join(out, 'types'), { recursive: true });
  rmSync(types, { recursive: true });
  rmSync(config);
}

const compressed = (code) => [gzipSync(code, { level: 9 }), brotliCompressSync(code)].map(({ length }) => length);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const tell = (what, code) => {
  const [gzip, brotli] = compressed(code);
  console.log(`${what.padEnd(36)} ${kilobytes(code.length)}, gzip ${kilobytes(gzip)}, brotli ${kilobytes(brotli)}`);
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const entry = join(root, 'libs', 'sdk', 'index.ts');
writeFileSync(join(out, 'index.js'), await bundle(entry, false));
writeTypes();
copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
// Links into the project lead nowhere from a package.
const readme = readFileSync(join(root, 'libs', 'sdk', 'README.md'), 'utf8').replaceAll(
  /\[([^\]]+)\]\((?!https?:)[^)]*\)/g,
  '$1',
);
writeFileSync(join(out, 'README.md'), readme);
const published = JSON.parse(readFileSync(join(root, 'libs', 'sdk', 'npm', 'package.json'), 'utf8'));
const { version, license, engines } = manifest;
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ ...published, version, license, engines }, null, 2)}\n`);

if (!process.argv.includes('--quiet')) {
  tell('all, minified', await bundle(entry, true));
  tell('the client without verify, minified', await bundle(join(root, 'libs', 'sdk', 'client.ts'), true));
  console.log(
    `types ${readdirSync(join(out, 'types'), { recursive: true }).filter((name) => statSync(join(out, 'types', name)).isFile()).length} files`,
  );
}
