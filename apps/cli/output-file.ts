import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError, fileError } from './cli-error.js';

/** How a file is written. */
export interface WriteOptions {
  /** Replace a file of that name; without it, an existing file is left as it is and `false` returned. */
  replace: boolean;
  /** File mode; 0600 for what holds a salt. */
  mode?: number | undefined;
}

/**
 * Writes a whole file or nothing: the bytes go to a temporary file beside it, are flushed, and then take the name.
 * Folders on the way are made. Returns whether it was written.
 *
 * @throws CliError `cannot-create`.
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<boolean> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', options.mode ?? 0o666);
    try {
      // Each goes where the one before it ended.
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const piece of content) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.replace) {
      await rename(temporary, path);
      return true;
    }
    try {
      // A link fails when the name is taken, where a rename would silently replace.
      await link(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await unlink(temporary);
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    await unlink(temporary).catch((left: NodeJS.ErrnoException) => {
      if (left.code !== 'ENOENT' && left.code !== 'ENOTDIR')
        throw fileError(`Removing ${temporary}`, left, 'cannot-create');
    });
    throw fileError(`Writing ${path}`, error, 'cannot-create');
  }
}
