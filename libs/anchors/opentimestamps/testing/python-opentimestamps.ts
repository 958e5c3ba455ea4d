import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's interpreter by path: another `python3` on PATH would not see Debian's modules. */
const PYTHON = '/usr/bin/python3';
// The scripts are run from the source tree also when this file runs from dist/.
const script = (name: string) =>
  fileURLToPath(new URL(name, import.meta.url)).replace(/\bdist[/\\](?=libs[/\\]anchors)/, '');
const VERIFY = script('verify-ots.py');
const STAMP = script('stamp-ots.py');

/** What the reference library found in one .ots file. */
export interface ReferenceResult {
  ok: boolean;
  proof: string;
  /** Height and time (s) of the earliest Bitcoin block that attests it. */
  height?: number;
  time?: number;
  pending?: string[];
  error?: string;
}

/** Whether python3-opentimestamps can be run here; when not, says on the console how to install it.
 * @throws Error instead when `required`, as continuous integration must not skip this */
export async function hasPythonOpenTimestamps(required: boolean): Promise<boolean> {
  try {
    await run(PYTHON, ['-c', 'import opentimestamps, bitcoin'], { timeout: 30_000 });
    return true;
  } catch (error) {
    const message = 'python3-opentimestamps is missing: apt-get install python3-opentimestamps python3-bitcoinlib';
    if (required) throw new Error(message, { cause: error });
    console.warn(`Skipped, ${message}`);
    return false;
  }
}

/** Files checked by one process; the system limits how long a command line may be. */
const FILES_AT_ONCE = 500;

/** Lets the reference library check .ots files against a node. Each pair is a document (path, or `sha256:` and hex) and its .ots file.
 * With `partial`, a file that holds only pending attestations is right too. */
export async function verifyWithReference(
  rpcUrl: string,
  pairs: { document: string; proof: string }[],
  partial = false,
): Promise<ReferenceResult[]> {
  if (pairs.length > FILES_AT_ONCE) {
    const first = await verifyWithReference(rpcUrl, pairs.slice(0, FILES_AT_ONCE), partial);
    return [...first, ...(await verifyWithReference(rpcUrl, pairs.slice(FILES_AT_ONCE), partial))];
  }
  const parameters = pairs.flatMap(({ document, proof }) => [document, proof]);
  const { stdout } = await run(PYTHON, [VERIFY, rpcUrl, ...(partial ? ['--partial'] : []), ...parameters], {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: Error & { stdout?: string; stderr?: string; code?: unknown }) => {
    // Exit code 1 with lines on standard output is a negative answer, not a failure to run.
    if (error.code === 1 && error.stdout) return { stdout: error.stdout };
    throw new Error(`tried to run the reference verifier, got ${error.stderr ?? error.message}`, { cause: error });
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceResult);
}

/** What became of one file that the reference library stamped or upgraded. */
export interface ReferenceStamp {
  /** Stamped; or, of an upgrade, complete. */
  ok: boolean;
  file: string;
  /** Calendars that the file names. */
  pending: string[];
  /** What calendars said that have no answer yet. */
  reasons: string[];
}

/** Lets the reference library stamp files together at a calendar; each gets a `.ots` file beside it. */
export function stampWithReference(calendarUrl: string, files: string[]): Promise<ReferenceStamp[]> {
  return runStamp(['stamp', calendarUrl, ...files]);
}

/** Lets the reference library complete `.ots` files at the calendars that they name. */
export function upgradeWithReference(files: string[]): Promise<ReferenceStamp[]> {
  return runStamp(['upgrade', ...files]);
}

async function runStamp(parameters: string[]): Promise<ReferenceStamp[]> {
  const { stdout } = await run(PYTHON, [STAMP, ...parameters], { timeout: 120_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceStamp);
}
