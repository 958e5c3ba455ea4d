import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { equalHashes } from '#merkle/hash.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';

/**
 * Writes a signed checkpoint to `path` so that a crash leaves either the old file or the new, whole. A file that holds a larger
 * checkpoint stays: another process was faster.
 */
export async function writeCheckpointFile(path: string, note: string, verifierKey: string): Promise<void> {
  const existing = await readCheckpointFile(path, verifierKey);
  if (existing !== null && existing.size >= parseCheckpoint(parseNote(note).text).size) return;
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
 * @throws SealError `bad-checkpoint-file` when it is not a checkpoint signed by `verifierKey` (a C2SP verifier key) for the log of that name */
export async function readCheckpointFile(path: string, verifierKey: string): Promise<Checkpoint | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  let checkpoint: Checkpoint;
  try {
    const key = parseVerifierKey(verifierKey);
    const note = parseNote(text);
    if (verifyNote(note, [key]).verified.length === 0) throw new Error('it is not signed by the key of this service');
    checkpoint = parseCheckpoint(note.text);
    if (checkpoint.origin !== key.name) throw new Error(`it is of log ${checkpoint.origin}, expected ${key.name}`);
  } catch (cause) {
    throw new SealError('bad-checkpoint-file', `Reading the checkpoint in ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return checkpoint;
}

/**
 * Refuses to go on when the database's log is behind the checkpoint in the file at `path`, or disagrees with it: a database that
 * was restored from an older backup would sign the same sizes again with other content. No file, nothing to compare.
 * @throws SealError `behind`, `bad-checkpoint-file`
 */
export async function assertNotBehind(db: Queryable, path: string, verifierKey: string): Promise<void> {
  const known = await readCheckpointFile(path, verifierKey);
  if (known === null || known.size === 0) return;
  const { rows } = await db.query<{ size: string | null; root: Buffer | null }>(
    `SELECT (SELECT "size" FROM "log" WHERE "origin" = $1) AS "size", (SELECT "root" FROM "checkpoint" WHERE "size" = $2) AS "root"`,
    [known.origin, known.size],
  );
  const { size, root } = rows[0]!;
  const advice = `The checkpoint in ${path} was signed by this service, so the database is not the newest: restore a newer one.`;
  if (Number(size ?? 0) < known.size) {
    throw new SealError(
      'behind',
      `Starting: expected a log of at least ${known.size} batches, got ${size ?? 0}. ${advice}`,
    );
  }
  if (root === null || !equalHashes(root, known.root)) {
    const got = root === null ? 'none' : root.toString('hex');
    throw new SealError(
      'behind',
      `Starting: expected the checkpoint of size ${known.size} to have root ${Buffer.from(known.root).toString('hex')}, got ${got}. ${advice}`,
    );
  }
}
