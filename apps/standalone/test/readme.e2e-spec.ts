import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** Runs shell lines as a reader would, against this test's service and with its files in the test's folder. */
async function runShell(lines: string): Promise<{ code: number | null; output: string }> {
  const script = lines
    .replaceAll('http://127.0.0.1:3000', service.url)
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('data/', `${folder}/`);
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
    const { code, output } = await runShell(block);
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/"status":(4|5)\d\d/);
  });

  it('has the same commands and links in Chinese', async () => {
    const chinese = await readFile(join(projectRoot(), 'README.zh-CN.md'), 'utf8');
    const links = (text: string) => new Set([...text.matchAll(/\]\((?!README)([^)]+)/g)].map((match) => match[1]!));
    expect(commands(chinese)).toEqual(commands(readme));
    expect(links(chinese)).toEqual(links(readme));
  });

  it('names only files and folders that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
    for (const link of links) await expect(readFile(join(projectRoot(), link)), link).resolves.toBeDefined();
  });
});
