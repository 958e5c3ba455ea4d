import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SealError } from './error.js';
import { parseSignedHead, type SignedHead } from './signed-head.js';

/**
 * Writes a signed checkpoint to `path` so that a crash leaves either the old file or the new, whole. A file that holds a larger
 * checkpoint of the same log stays: another process was faster. What it holds must be signed by one of `verifierKeys`.
 */
export async function writeCheckpointFile(path: string, note: string, verifierKeys: readonly string[]): Promise<void> {
  const existing = await readCheckpointFile(path, verifierKeys);
  const head = parseSignedHead(note, verifierKeys);
  if (existing !== null && existing.origin === head.origin && existing.size >= head.size) return;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(note);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // The new name itself must survive a power cut.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The checkpoint in the file at `path`, null when there is no file.
 * @throws SealError `bad-checkpoint-file` when it is not a checkpoint signed by one of `verifierKeys` for the log of that key's name, or cannot
 * be read */
export async function readCheckpointFile(path: string, verifierKeys: readonly string[]): Promise<SignedHead | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new SealError('bad-checkpoint-file', `Reading the checkpoint in ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
  try {
    return parseSignedHead(text, verifierKeys);
  } catch (cause) {
    throw new SealError('bad-checkpoint-file', `Reading the checkpoint in ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Makes sure that a checkpoint can be kept at `path`: its folder is there and can be written to.
 * @throws SealError `bad-checkpoint-file` */
export async function assertKeepable(path: string): Promise<void> {
  const probe = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw new SealError(
      'bad-checkpoint-file',
      `Keeping checkpoints in ${path}: expected a folder that can be written to, got ${(cause as NodeJS.ErrnoException).code}; see CHECKPOINT_FILE`,
      { cause },
    );
  }
}

/** Makes the folder of `path` if it is not there; whether a checkpoint can be kept at `path` now. */
export async function tryKeeping(path: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await assertKeepable(path);
    return true;
  } catch {
    // Whoever asks has a place in mind that may well not be there: a home folder that is missing or read only.
    return false;
  }
}
