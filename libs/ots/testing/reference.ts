import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasPython } from '#setting/testing/programs.js';

/** Debian's interpreter: the package's modules are installed for it and for no other. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('reference.py', import.meta.url));

/** A question to the reference implementation; all byte strings in hex. */
export type ReferenceRequest =
  | { do: 'parse'; message: string; bytes: string }
  | { do: 'parse-file'; bytes: string }
  | { do: 'build'; tree: unknown }
  | { do: 'merge'; message: string; bytes: [string, string] };

/** What the reference answered; `attestations` holds [message, tag, payload] rows in sorted order. */
export type ReferenceAnswer =
  { ok: true; bytes: string; attestations: [string, string, string][] } | { ok: false; error: string };

/** Asks python3-opentimestamps, one process for all questions, answers in their order. */
export function askReference(requests: readonly ReferenceRequest[]): ReferenceAnswer[] {
  const input = requests.map((request) => JSON.stringify(request)).join('\n');
  const run = spawnSync(PYTHON, [SCRIPT], { input, encoding: 'utf8', maxBuffer: 1 << 29 });
  if (run.status !== 0)
    throw new Error(`Running the reference: expected exit code 0, got ${run.status}: ${run.stderr}`);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceAnswer);
}

/** Whether the reference is installed. Without it the caller skips its tests, after a word; under CI it must be there. */
export function referenceIsInstalled(): boolean {
  return hasPython('import opentimestamps.core.timestamp', 'python3-opentimestamps');
}
