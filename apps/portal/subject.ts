import { mergeProofs } from '#proof/merge-proofs.js';
import type { Proof } from '#proof/proof.js';
import { FileContent } from './file-content.js';
import type { GivenFiles } from './given-files.js';
import { lookInside, readProofBytes, type RegisteredPart } from './inside.js';

/** What is compared: a file as it was given, or the document in one that holds its own proof. */
export interface Subject {
  name: string;
  /** Absent where only a digest was given. */
  bytes?: FileContent;
  sealed?: RegisteredPart | undefined;
}

/** What is to be compared with which proof: with one that was given, or that the file holds itself, or both as one. @throws HashFileError */
export async function readSubject({
  document: file,
  proof: given,
}: GivenFiles): Promise<{ document?: Subject; proof?: Proof | undefined; unreadable?: Uint8Array | undefined }> {
  const whole = file && { name: file.name, bytes: new FileContent(file) };
  const proof = given && readProofBytes(given.bytes);
  const inside = whole && (await lookInside(whole.bytes));
  if (given && !proof) return { unreadable: given.bytes };
  if (!whole || !inside) return { ...(whole && { document: whole }), proof };
  const own = readProofBytes(inside.proof);
  const sealed = { bytes: inside.document.size, document: inside.document };
  const document = { name: inside.name ?? whole.name, bytes: inside.document, sealed };
  if (!proof) return own ? { document, proof: own } : { unreadable: inside.proof };
  const merged = own && mergeProofs(proof, own);
  // Another record's proof may be one of the whole file.
  return typeof merged === 'object' ? { document, proof: merged } : { document: whole, proof };
}
