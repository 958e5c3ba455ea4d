import { open } from 'node:fs/promises';
import { readGivenProof } from '#proof/given-proof.js';
import type { Proof } from '#proof/proof.js';
import { commandLineWords } from '#words/command-line.js';
import type { Language } from '#words/language.js';
import { EvidenceError, fileError } from './cli-error.js';

/** Most bytes that are read of a proof file; proofs of both formats have less. */
export const MAX_PROOF_BYTES = 8 * 1024 * 1024;

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
export async function readProofFile(path: string, language: Language): Promise<Proof> {
  const bytes = await readProofBytes(path).catch((error: unknown) => {
    throw fileError(`Reading ${path}`, error, 'no-input');
  });
  const read = readGivenProof(bytes);
  if ('proof' in read) return read.proof;
  const { noProof } = commandLineWords(language).evidence;
  throw new EvidenceError('bad-data', noProof(path, language.unreadable[read.reason].what), { details: [read.detail] });
}

/** The proof in what may be anything, or undefined. */
export function proofIn(bytes: Uint8Array | string): Proof | undefined {
  const read = readGivenProof(bytes);
  return 'proof' in read ? read.proof : undefined;
}

/** The proof in `path`, or undefined when there is no such file or it holds something else. Throws CliError `no-input`. */
export async function findProofFile(path: string): Promise<Proof | undefined> {
  try {
    return proofIn(await readProofBytes(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Reading ${path}`, error, 'no-input');
  }
}
