import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
/** What starts the compiled command line. */
export const LAUNCHER = join(PROJECT, 'apps', 'cli', 'bin', 'sealroot.mjs');

/** What a run of the command line left. */
export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** How to run it. */
export interface CommandOptions {
  cwd: string;
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** Called when it runs. */
  onStart?: (kill: () => void) => void;
  /** Called with everything written to standard output so far. */
  onStdout?: (text: string, kill: () => void) => void;
  /** Called with everything written to standard error so far. */
  onStderr?: (text: string, kill: () => void) => void;
}

/** Compiles the command line unless what is compiled is newer than its sources (`npm test` compiles everything first). */
export function compileCommand(): void {
  const main = join(PROJECT, 'dist', 'apps', 'cli', 'main.js');
  const sources = [join(PROJECT, 'apps', 'cli'), join(PROJECT, 'libs')];
  if (existsSync(main) && statSync(main).mtimeMs > Math.max(...sources.map(newest))) return;
  const config = ts.getParsedCommandLineOfConfigFile(
    join(PROJECT, 'apps', 'tsconfig.build.json'),
    // Types are the business of `npm run typecheck`.
    { noCheck: true, noEmitOnError: false, incremental: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  );
  const { tsBuildInfoFile: _, ...options } = config!.options;
  ts.createProgram({ rootNames: [join(PROJECT, 'apps', 'cli', 'main.ts')], options }).emit();
}

function newest(path: string): number {
  const entry = statSync(path);
  if (!entry.isDirectory()) return /(?<!spec)\.ts$/.test(path) ? entry.mtimeMs : 0;
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => name !== 'test' && name !== 'generated')
      .map((name) => newest(join(path, name))),
  );
}

/** Runs `sealroot` as a user would: a process of its own, with an environment that holds nothing of the developer's. */
export function sealroot(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: 'pipe',
    });
    options.onStart?.(() => child.kill('SIGKILL'));
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onStdout?.(stdout, () => child.kill('SIGKILL'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, () => child.kill('SIGKILL'));
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    // A command that fails before it reads leaves a broken pipe, which is no failure of the test.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin.end(options.stdin ?? '');
  });
}

/** Address of a port of 127.0.0.1 on which nothing listens. */
export async function unreachableUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
