import { blindDigests, type DigestBytes } from '#sdk/hashing.js';
import { CliError } from './cli-error.js';
import { parseSalt } from './blinding.js';
import { findInput } from './input-file.js';
import { writeWholeFile } from './output-file.js';

/** Format name in a salt file. */
const FORMAT = 'sealroot/salts@1';

/** Name of the file that keeps the salts of a document, beside it or under `--out`. */
export const SALT_SUFFIX = '.sealroot-salt.json';

/**
 * The salts of one document, newest last, each with the blinded SHA-256 (or other digest) that it made: so a salt can be told
 * to belong to the document as it is now, and an edited document gets a new one while the old one is kept for the old proof.
 */
interface SaltFile {
  format: typeof FORMAT;
  salts: { salt: string; blinded: { [algorithm: string]: string } }[];
}

/**
 * The salt kept in `path` that belongs to a document with these plain digests, or undefined.
 *
 * @throws CliError `no-input` when the file cannot be read, `bad-data` when it is not a salt file.
 */
export async function findSalt(path: string, digests: DigestBytes): Promise<Uint8Array | undefined> {
  const file = await readSaltFile(path);
  for (const { salt, blinded } of file?.salts.toReversed() ?? []) {
    const bytes = parseSalt(salt);
    const now = Object.entries(blindDigests(digests, bytes));
    const known = now.filter(([algorithm]) => blinded[algorithm] !== undefined);
    if (known.length > 0 && known.every(([algorithm, digest]) => blinded[algorithm] === hex(digest))) return bytes;
  }
  return undefined;
}

/** Adds a salt to `path`, made if need be (mode 0600); salts that are there already stay. Throws like {@link findSalt}, and `cannot-create`. */
export async function keepSalt(path: string, digests: DigestBytes, salt: Uint8Array): Promise<void> {
  const file = (await readSaltFile(path)) ?? { format: FORMAT, salts: [] };
  const blinded = Object.fromEntries(
    Object.entries(blindDigests(digests, salt)).map(([name, digest]) => [name, hex(digest)]),
  );
  file.salts.push({ salt: hex(salt), blinded });
  await writeWholeFile(path, `${JSON.stringify(file, null, 2)}\n`, { replace: true, mode: 0o600 });
}

async function readSaltFile(path: string): Promise<SaltFile | undefined> {
  const text = (await findInput(path))?.toString('utf8');
  if (text === undefined) return undefined;
  const wrong = (cause?: unknown) =>
    new CliError('bad-data', `Reading ${path}: expected a salt file (${FORMAT}), got something else`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(error);
  }
  if (!isSaltFile(value)) throw wrong();
  return value;
}

function isSaltFile(value: unknown): value is SaltFile {
  const file = value as Partial<SaltFile> | null;
  return (
    typeof file === 'object' &&
    file?.format === FORMAT &&
    Array.isArray(file.salts) &&
    file.salts.every(
      (entry) =>
        typeof entry?.salt === 'string' &&
        /^[0-9a-f]{64}$/.test(entry.salt) &&
        typeof entry.blinded === 'object' &&
        entry.blinded !== null,
    )
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
