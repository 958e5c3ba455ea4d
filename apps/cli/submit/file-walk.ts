import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { CliError, fileError } from '../cli-error.js';
import { OWN_FILE, RECEIPT_FOLDER } from './own-file.js';

/** A file to submit. */
export interface FoundFile {
  /** Path that opens it. */
  path: string;
  /** Path below the folder that was named, that folder's own name first; the file's name when the file itself was named. */
  label: string;
}

/** What a walk found, and what it passed over on purpose. */
export interface Walk {
  files: FoundFile[];
  /** Symbolic links and special files inside folders: never followed, since they could lead anywhere. */
  passedOver: string[];
  /** Folders that cannot be searched, and files whose names no text can hold: none of them is submitted. */
  failed: { file: FoundFile; error: CliError }[];
}

/**
 * The files that `paths` name, folders searched to the bottom in a fixed order. A symbolic link that the user names is
 * followed; one found in a folder is not. Files that this command writes (proofs, salts, receipts) and the folder `outputFolder` are left out.
 * A file that is reached twice is taken once.
 *
 * @throws CliError `no-input` when a named path does not exist.
 */
export async function findFiles(paths: readonly string[], outputFolder?: string): Promise<Walk> {
  const walk: Walk = { files: [], passedOver: [], failed: [] };
  const seen = new Set<string>();
  const skipped = outputFolder === undefined ? undefined : await realpathIfThere(outputFolder);
  const add = (path: string, real: string, label: string): void => {
    if (seen.has(real)) return;
    seen.add(real);
    walk.files.push({ path, label });
  };

  const search = async (folder: string, real: string, label: string): Promise<void> => {
    const entries = await entriesOf(folder, label, walk);
    // Not by locale: the order must be the same everywhere.
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const realEntry = join(real, entry.name);
      const below = join(label, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== RECEIPT_FOLDER && realEntry !== skipped) await search(path, realEntry, below);
      } else if (!entry.isFile()) {
        walk.passedOver.push(path);
      } else if (!OWN_FILE.test(entry.name)) {
        add(path, realEntry, below);
      }
    }
  };

  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      throw fileError(`Finding ${path}`, error, 'no-input');
    });
    const real = await realpath(path);
    const name = basename(real);
    if (found.isDirectory()) await search(path, real, name);
    else add(path, real, (await lstat(path)).isSymbolicLink() ? basename(path) : name);
  }
  return walk;
}

/** What is in a folder, without names that are no UTF-8: nothing that is read or written as text could name them. */
async function entriesOf(folder: string, label: string, walk: Walk): Promise<Dirent[]> {
  const fail = (path: string, error: CliError) => walk.failed.push({ file: { path, label }, error });
  try {
    const found = await readdir(folder, { withFileTypes: true });
    if (found.every(({ name }) => !name.includes('\ufffd'))) return found;
    const raw = await readdir(folder, { encoding: 'buffer' });
    const bad = new Set(raw.filter((name) => !isUtf8(name)).map((name) => name.toString('utf8')));
    return found.filter(({ name }) => {
      if (!bad.has(name)) return true;
      const message = `Reading ${join(folder, name)}: expected a name in UTF-8, got other bytes`;
      fail(join(folder, name), new CliError('no-input', message));
      return false;
    });
  } catch (error) {
    fail(folder, fileError(`Reading the folder ${folder}`, error, 'no-input'));
    return [];
  }
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Finding ${path}`, error, 'no-input');
  }
}

/** Where something about `file` is written: beside it, or below `outputFolder` under its label. */
export function besidePath(file: FoundFile, suffix: string, outputFolder?: string): string {
  return (outputFolder === undefined ? file.path : join(outputFolder, relative('.', file.label))) + suffix;
}
