import { readFile } from 'node:fs/promises';
import { ProofError } from '#proof/error.js';
import { formatProof, parseProof, type Proof } from '#proof/proof.js';
import { CliError, fileError } from './cli-error.js';
import { writeWholeFile } from './output-file.js';

/**
 * Writes a proof to `path`. A proof of the same record that is there is replaced, since a proof only grows; a file that holds
 * anything else stays, and the proof goes to `otherPath`, whose name the record's id makes unique. Returns the path written.
 * A proof with a salt is made readable by its owner alone.
 *
 * @throws CliError `cannot-create`, `no-input`.
 */
export async function writeProofFile(proof: Proof, path: string, otherPath: string): Promise<string> {
  const text = formatProof(proof);
  const mode = proof.salt === undefined ? undefined : 0o600;
  for (const candidate of [path, otherPath]) {
    if (await writeWholeFile(candidate, text, { replace: false, mode })) return candidate;
    const there = await readFile(candidate, 'utf8').catch((error: unknown) => {
      throw fileError(`Reading ${candidate}`, error, 'no-input');
    });
    if (there === text) return candidate;
    if (proofIn(there)?.id === proof.id) {
      await writeWholeFile(candidate, text, { replace: true, mode });
      return candidate;
    }
  }
  throw new CliError(
    'cannot-create',
    `Writing ${otherPath}: expected no file or this record's proof there, got another file`,
  );
}

/** The proof in a file that may hold anything, or undefined. */
export function proofIn(text: string): Proof | undefined {
  try {
    return parseProof(text);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

/** The proof in `path`, or undefined when there is no such file or it holds something else. Throws CliError `no-input`. */
export async function findProofFile(path: string): Promise<Proof | undefined> {
  try {
    return proofIn(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Reading ${path}`, error, 'no-input');
  }
}
