import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '#database/project-root.js';
import ts from 'typescript';

/** What redocly would send or fetch besides its work. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };

/** Everything that redocly's strictest rules and spectral's find in an OpenAPI document; spectral only where it is on the path. */
export function lintOpenApi(document: unknown): string[] {
  return inFolder((folder) => {
    const file = writeDocument(folder, document);
    const rules = ['--extends=recommended-strict', '--lint-config=off', '--format=json'];
    const redocly = run(process.execPath, [REDOCLY, 'lint', ...rules, file], true);
    const { problems } = JSON.parse(redocly) as { problems: { ruleId: string; message: string; location: unknown }[] };
    const spectral = hasSpectral()
      ? run('spectral', ['lint', '--ruleset=.ci/spectral.yaml', '--format=json', '--quiet', file], true)
      : '[]';
    return [...problems, ...(JSON.parse(spectral) as object[])].map((problem) => JSON.stringify(problem));
  });
}

/** What somebody makes of an OpenAPI document who knows nothing else: a generated client, and a program that was compiled against it.
 * @throws Error with what the compiler says when the program does not fit the client */
export async function compileAgainst<T>(document: unknown, program: string): Promise<T> {
  const folder = mkdtempSync(join(projectRoot(), 'dist', 'openapi-client-'));
  try {
    const client = join(folder, 'client.ts');
    run(process.execPath, [REDOCLY, 'generate-client', writeDocument(folder, document), '-o', client]);
    const file = join(folder, 'program.ts');
    writeFileSync(file, program);
    const compiled = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      skipLibCheck: true,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
    });
    const faults = [...ts.getPreEmitDiagnostics(compiled), ...compiled.emit().diagnostics];
    if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults, HOST));
    return (await import(pathToFileURL(join(folder, 'program.js')).href)) as T;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const REDOCLY = join(projectRoot(), 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');

const HOST: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: projectRoot,
  getNewLine: () => '\n',
};

/** Whether `spectral` is on the path; when not, says how to install it. Under CI it must be. */
function hasSpectral(): boolean {
  if (spawnSync('spectral', ['--version']).error === undefined) return true;
  const message = 'spectral is missing: npm install --global @stoplight/spectral-cli';
  if (process.env['CI']) throw new Error(message);
  console.warn(`${message} (its rules are not tried)`);
  return false;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(projectRoot(), 'dist', 'openapi-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeDocument(folder: string, document: unknown): string {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** What the program writes to its standard output. `mayFind`: exit code 1 says that it found something, which its output tells. */
function run(program: string, args: string[], mayFind = false): string {
  const { stdout, stderr, status, error } = spawnSync(program, args, {
    cwd: projectRoot(),
    encoding: 'utf8',
    env: { ...process.env, ...QUIET },
  });
  if (error) throw error;
  if (status !== 0 && !(mayFind && status === 1))
    throw new Error(`Running ${program} ${args.join(' ')}: expected exit code 0, got ${status}: ${stderr}`);
  return stdout;
}
