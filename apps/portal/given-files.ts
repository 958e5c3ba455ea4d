/** Files larger than this are never read as a proof: real proofs are a few kilobytes, and reading takes memory. In bytes. */
const MAX_PROOF_BYTES = 4 * 1024 * 1024;

/** First bytes of every detached OpenTimestamps file, up to the zero byte before its version. */
const OTS_MAGIC = '\0OpenTimestamps\0\0Proof\0';

/** A file other than the document as given, unread. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
}

/** What the reader has given to check, by role. */
export interface GivenFiles {
  document?: File | undefined;
  proof?: GivenFile | undefined;
  ots?: GivenFile | undefined;
}

/** Why files cannot be taken together. */
export type Refusal = 'too-many-documents' | 'too-many-proofs';

type Role = { role: 'document'; file: File } | { role: 'proof'; proof: GivenFile } | { role: 'ots'; ots: GivenFile };

/**
 * Tells document, proof and `.ots` file apart by their content and puts them together with what was given before.
 * A new document starts afresh unless only its proof was there; a proof alone joins the document that is there.
 */
export async function takeFiles(before: GivenFiles, files: readonly File[]): Promise<GivenFiles | Refusal> {
  const roles = await Promise.all(files.map(findRole));
  const documents = roles.filter((given) => given.role === 'document');
  const proofs = roles.filter((given) => given.role === 'proof');
  const otsFiles = roles.filter((given) => given.role === 'ots');
  if (documents.length > 1) return 'too-many-documents';
  if (proofs.length > 1 || otsFiles.length > 1) return 'too-many-proofs';
  const kept = documents.length === 1 && before.document ? {} : before;
  return {
    document: documents[0]?.file ?? kept.document,
    proof: proofs[0]?.proof ?? kept.proof,
    ots: otsFiles[0]?.ots ?? kept.ots,
  };
}

async function findRole(file: File): Promise<Role> {
  const document: Role = { role: 'document', file };
  if (file.size === 0 || file.size > MAX_PROOF_BYTES) return document;
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    // Hashing meets the same error and explains it to the reader.
    console.info('a file could not be read:', error);
    return document;
  }
  if (startsWith(bytes, OTS_MAGIC)) return { role: 'ots', ots: { name: file.name, bytes } };
  if (!looksLikeProof(file.name, bytes)) return document;
  return { role: 'proof', proof: { name: file.name, bytes } };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return (
    bytes.length >= text.length &&
    Array.from(text).every((character, index) => bytes[index] === character.charCodeAt(0))
  );
}

/** A proof says what it is in its first member names; a damaged one may only be known by its file name. */
function looksLikeProof(name: string, bytes: Uint8Array): boolean {
  if (/\.(proof|sealroot)\.json$/i.test(name)) return true;
  const first = bytes.find((byte) => byte > 0x20);
  if (first !== 0x7b) return false;
  return /"format"\s*:\s*"sealroot\/proof@/.test(new TextDecoder().decode(bytes));
}
