import { open } from 'node:fs/promises';
import { ProofError } from '#proof/error.js';
import { parseProof, type Proof } from '#proof/proof.js';
import { CliError, fileError } from './cli-error.js';

/** Most bytes that are read of a proof file; proofs of both formats have less. */
const MAX_PROOF_BYTES = 8 * 1024 * 1024;

/** The bytes of a file that is said to be a proof. Of a longer one than any proof only the beginning, which is no proof either.
 * @throws the error of the file system */
export async function readProofBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const pieces: Buffer[] = [];
    for (let left = MAX_PROOF_BYTES + 1; left > 0;) {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.min(left, 65_536)) });
      if (bytesRead === 0) break;
      pieces.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return new Uint8Array(Buffer.concat(pieces));
  } finally {
    await file.close();
  }
}

/** The proof in a file. @throws CliError `no-input`; `bad-data` when it holds something else */
export async function readProofFile(path: string): Promise<Proof> {
  const proof = proofIn(await readText(path));
  if (proof !== undefined) return proof;
  throw new CliError('bad-data', `Reading ${path}: expected a proof (sealroot/proof@2), got something else`);
}

async function readText(path: string): Promise<string> {
  const bytes = await readProofBytes(path).catch((error: unknown) => {
    throw fileError(`Reading ${path}`, error, 'no-input');
  });
  return Buffer.from(bytes).toString('utf8');
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
    return proofIn(Buffer.from(await readProofBytes(path)).toString('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Reading ${path}`, error, 'no-input');
  }
}
