import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#database/project-root.js';
import { hasChromium, launchBrowser } from '../../portal/test/browser.js';
import { startService, type TestService } from './service.js';

let folder: string;
let service: TestService;
let url: string;
let sealing: NodeJS.Timeout;

/** Runs a program to its end. @throws Error with what it wrote when it fails */
async function run(program: string, args: string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, `${program} ${args.join(' ')}: ${output}`).toBe(0);
  return output;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-sdk-'));
  service = await startService({}, { portalFolder: '/nowhere' });
  await service.app.listen(0, '127.0.0.1');
  url = await service.app.getUrl();
  let busy = false;
  sealing = setInterval(() => {
    if (busy) return;
    busy = true;
    void service.seal().finally(() => (busy = false));
  }, 200);
  await run(process.execPath, [join(projectRoot(), '.ci', 'pack-sdk.mjs'), '--quiet'], projectRoot());
  await run('npm', ['pack', join(projectRoot(), 'dist', 'sdk'), '--pack-destination', folder], folder);
  const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  // Nothing else is needed, so nothing is asked for anywhere.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, archive!)], folder);
}, 120_000);

afterAll(async () => {
  clearInterval(sealing);
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the published package', async () => {
  const readme = await readFile(join(projectRoot(), 'libs', 'sdk', 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```ts sdk\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

  it('brings everything with it, and nothing of the project beside', async () => {
    const installed = await readdir(join(folder, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['@sealroot']);
    const root = join(folder, 'node_modules', '@sealroot', 'sdk');
    expect((await readdir(root)).sort()).toEqual(['LICENSE', 'README.md', 'index.js', 'package.json', 'types']);
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ license: 'Apache-2.0', sideEffects: false, engines: { node: '>=20.19' } });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest['version']).toBe(
      /SDK_VERSION = ["'](.*)["']/.exec(await readFile(join(root, 'index.js'), 'utf8'))?.[1],
    );
  });

  it('has types that need none of Node and hold up without skipLibCheck', async () => {
    const head = 'declare const url: string; declare const apiKey: string;\n';
    const files = await Promise.all(
      examples.map(async (code, n) => {
        const file = join(folder, `example-${n}.ts`);
        await writeFile(file, head + code);
        return file;
      }),
    );
    const program = ts.createProgram(files, {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
      types: [],
      skipDefaultLibCheck: true,
      strict: true,
      noEmit: true,
    });
    const said = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      return `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start ?? 0).line}: ${text}`;
    });
    expect(said).toEqual([]);
  });

  it.each(examples.map((code, n) => [n, code] as const))(
    'does what example %d of its README shows',
    async (n, code) => {
      const head = `const url = ${JSON.stringify(url)}, apiKey = ${JSON.stringify(service.key)};\n`;
      const { outputText } = ts.transpileModule(head + code, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      const file = join(folder, `example-${n}.mjs`);
      await writeFile(file, outputText);
      expect(await run(process.execPath, [file], folder)).toMatch(/pending|2500|read up to/);
    },
  );

  it.runIf(hasChromium())('works in a browser: hashes, submits, waits, verifies', async () => {
    const browser = await launchBrowser();
    try {
      const page = await (await browser.newContext({ bypassCSP: true })).newPage();
      await page.goto(`${url}/v1/log/key`);
      const code = await readFile(join(folder, 'node_modules', '@sealroot', 'sdk', 'index.js'), 'utf8');
      const given = JSON.stringify([code, service.key]);
      // As text: what compiles the tests has its own way with imports.
      const verdict = await page.evaluate(`(async ([code, apiKey]) => {
        const sdk = await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
        const client = new sdk.Sealroot({ url: location.origin, apiKey });
        const document = new Blob(['in a browser']);
        const digests = sdk.digestsToHex(await sdk.digestDocument(document, { algorithms: ['sha256', 'sm3'] }));
        const { record } = await client.submit({ profile: 'generic@1', digests });
        return (await sdk.verify(await client.waitFor(record.id, 'sealed'), { document })).verdict;
      })(${given})`);
      expect(verdict).toBe('pending');
    } finally {
      await browser.close();
    }
  });
});
