import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Time for one call of openssl; an RSA key of 2048 bits takes a tenth of a second, seldom much more. */
const OPENSSL_TIMEOUT_MS = 60_000;

/** Runs openssl. Returns its standard output and error as text.
 * @throws Error with openssl's words when it says no */
export async function openssl(args: readonly string[], folder?: string): Promise<string> {
  const { stdout, stderr } = await run('openssl', [...args], {
    timeout: OPENSSL_TIMEOUT_MS,
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  return stdout + stderr;
}

/** Whether openssl can be run here; when not, says on the console how to install it.
 * @throws Error instead when `required`, as continuous integration must not skip this */
export async function hasOpenssl(required: boolean): Promise<boolean> {
  try {
    await openssl(['version']);
    return true;
  } catch (error) {
    const message = 'openssl is missing: apt-get install openssl';
    if (required) throw new Error(message, { cause: error });
    console.warn(`Skipped, ${message}`);
    return false;
  }
}
