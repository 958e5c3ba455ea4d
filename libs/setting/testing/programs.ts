import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian's packages of Go keep their sources. */
export const GOPATH = '/usr/share/gocode';

const GO_MODULE = `${GOPATH}/src/golang.org/x/mod/sumdb/tlog/tlog.go`;

/**
 * Whether a test has what it needs of this machine. When not, it is to be skipped aloud: this says on the console what is missing and how to install it.
 * @throws Error instead where nothing may be skipped, with CI set
 */
export function isInstalled(isThere: boolean, missing: string, packages: string): boolean {
  if (isThere) return true;
  const message = `${missing} missing: apt-get install ${packages}`;
  if (process.env['CI']) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return false;
}

/** Whether these programs (name → package of Debian) are on the path. See {@link isInstalled}. */
export function hasPrograms(programs: Readonly<Record<string, string>>): boolean {
  const missing = Object.entries(programs).filter(([name]) => spawnSync(name, ['--version']).error !== undefined);
  const packages = new Set(missing.map(([, name]) => name));
  return isInstalled(missing.length === 0, missing.map(([name]) => name).join(', '), [...packages].join(' '));
}

/** Whether Python 3 is here, with what `code` imports; its libraries come from `packages`. See {@link isInstalled}. */
export function hasPython(code = 'pass', packages = 'python3'): boolean {
  return isInstalled(spawnSync('/usr/bin/python3', ['-c', code]).status === 0, 'Python 3', packages);
}

/** Whether Go is here, with its notes, checkpoints and trees (golang.org/x/mod). See {@link isInstalled}. */
export function hasGo(): boolean {
  const isThere = spawnSync('go', ['version']).status === 0 && existsSync(GO_MODULE);
  return isInstalled(isThere, 'Go', 'golang-go golang-golang-x-mod-dev');
}
