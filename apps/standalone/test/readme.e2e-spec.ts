import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPrograms } from '#setting/testing/programs.js';
import { projectRoot } from '#database/project-root.js';
import { type ServiceProcess, startService } from './process.js';

let folder: string;
let service: ServiceProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-readme-'));
  service = await startService('standalone', { DATA_DIR: folder });
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

/** With this test's service and folder instead of a reader's. */
function inFolder(text: string): string {
  return text
    .replaceAll('http://127.0.0.1:3000', service.url)
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('data/', `${folder}/`);
}

/** What runs a snippet, and what is to be done to it before. */
interface Runtime {
  program: string;
  /** Of Debian. */
  package: string;
  file: string;
  compile: (code: string) => string;
}

const SDK = pathToFileURL(join(projectRoot(), 'dist', 'libs', 'sdk', 'index.js')).href;
const AS_IT_IS = (code: string) => code;

const RUNTIMES: Record<string, Runtime> = {
  ts: {
    program: process.execPath,
    package: 'nodejs',
    file: 'submit.mjs',
    compile: (code) => {
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      return ts.transpileModule(code.replace('@sealroot/sdk', SDK), { compilerOptions }).outputText;
    },
  },
  java: {
    program: 'java',
    package: 'openjdk-17-jdk-headless',
    file: 'Submit.java',
    compile: AS_IT_IS,
  },
  python: { program: 'python3', package: 'python3', file: 'submit.py', compile: AS_IT_IS },
};

/** Runs shell lines as a reader would. */
async function runShell(script: string): Promise<{ code: number | null; output: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    SEALROOT_URL: service.url,
    SEALROOT_API_KEY: (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim(),
    SEALROOT_ADMIN_TOKEN: (await readFile(join(folder, 'admin-token'), 'utf8')).trim(),
  };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: projectRoot(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output };
}

describe('the README', async () => {
  const readme = await readFile(join(projectRoot(), 'README.md'), 'utf8');
  const commands = (text: string) => [...text.matchAll(/^```(sh.*\n[\s\S]*?)^```$/gm)].map((match) => match[1]!);
  const blocks = commands(readme).flatMap((block) => (block.startsWith('sh walk\n') ? [block.slice(8)] : []));

  it('has a walk-through', () => {
    expect(blocks.length).toBeGreaterThan(3);
  });

  it.each(blocks)('shows commands that work: %s', async (block) => {
    const { code, output } = await runShell(inFolder(block));
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/"status":(4|5)\d\d/);
  });

  const snippets = (text: string) =>
    [...text.matchAll(/^```(ts|java|python) snippet\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
      language: language!,
      code: code!,
    }));

  it.each(snippets(readme))(
    'shows $language that submits, waits and gets a proof that holds',
    async ({ language, code }) => {
      const runtime = RUNTIMES[language]!;
      if (!hasPrograms({ [runtime.program]: runtime.package })) return;
      const source = join(folder, runtime.file);
      await writeFile(source, runtime.compile(inFolder(code)));
      const { code: exitCode, output } = await runShell(`${runtime.program} ${source}`);
      expect(exitCode, output).toBe(0);
      const proof = join(folder, `${language}.sealroot.json`);
      const verified = await runShell(`npx sealroot verify LICENSE --proof ${proof} || [ $? -eq 4 ]`);
      expect(verified.code, verified.output).toBe(0);
    },
  );

  it('has the same commands and links in Chinese', async () => {
    const chinese = await readFile(join(projectRoot(), 'README.zh-CN.md'), 'utf8');
    const links = (text: string) => new Set([...text.matchAll(/\]\((?!README)([^)]+)/g)].map((match) => match[1]!));
    expect(commands(chinese)).toEqual(commands(readme));
    expect(snippets(chinese)).toEqual(snippets(readme));
    expect(links(chinese)).toEqual(links(readme));
  });

  it('names only files and folders that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
    for (const link of links) await expect(readFile(join(projectRoot(), link)), link).resolves.toBeDefined();
  });
});
