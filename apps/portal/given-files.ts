import type { DigestAlgorithm } from '#statement/digest.js';

/** Files larger than this are never read as a proof: real proofs are a few kilobytes, and reading takes memory. In bytes. */
const MAX_PROOF_BYTES = 4 * 1024 * 1024;

/** First bytes of every detached OpenTimestamps file, up to the zero byte before its version. */
const OTS_MAGIC = '\0OpenTimestamps\0\0Proof\0';

/** A file other than the document as given, unread. */
export interface GivenFile {
  name: string;
  /** With the folders that it came in. */
  path?: string | undefined;
  bytes: Uint8Array;
}

/** A digest in the place of its document. */
export interface GivenDigest {
  /** Lower case. */
  hex: string;
  /** Those that make digests of this length, or the one that was named. */
  algorithms: DigestAlgorithm[];
  /** Of a blinded digest, where it is known. */
  saltHex?: string;
}

/** What a code on paper leads to. A digest that comes with a document is compared with it. */
export interface GivenCode {
  digest: GivenDigest;
  document?: File;
  /** The document as a text, to be compared with the paper by eye. */
  text?: string;
}

/** What the reader has given to check, by role. A digest comes alone, or with the document of a code on paper. */
export interface GivenFiles {
  document?: File | undefined;
  proof?: GivenFile | undefined;
  ots?: GivenFile | undefined;
  digest?: GivenDigest | undefined;
  /** What a code on paper says, to be compared with the paper. */
  text?: string | undefined;
}

/** Why files cannot be taken together. */
export type Refusal = 'too-many-proofs' | 'no-code' | 'other-code' | 'no-reader';

/** Bytes at the beginning of a file that tell whether it may be a proof. */
const LOOKED_AT_BYTES = 256;

/** Files that are looked at at the same time. */
const LOOKED_AT_ONCE = 8;

type Role = { role: 'document'; file: File } | { role: 'proof'; proof: GivenFile } | { role: 'ots'; ots: GivenFile };

/**
 * Tells document, proof and `.ots` file apart by their content and puts them together with what was given before.
 * Several documents are each taken by themselves, with the proofs that are named after them.
 * A new document starts afresh unless only its proof was there; a proof alone joins the document that is there.
 */
export async function takeFiles(
  before: GivenFiles,
  files: readonly File[],
): Promise<GivenFiles | Refusal | { many: GivenFiles[] }> {
  const roles = await findRoles(files);
  const documents = roles.filter((given) => given.role === 'document');
  const proofs = roles.filter((given) => given.role === 'proof');
  const otsFiles = roles.filter((given) => given.role === 'ots');
  if (documents.length > 1) return { many: paired(roles) };
  if (proofs.length > 1 || otsFiles.length > 1) return 'too-many-proofs';
  const kept = documents.length === 1 && before.document ? {} : before;
  return {
    document: documents[0]?.file ?? kept.document,
    proof: proofs[0]?.proof ?? kept.proof,
    ots: otsFiles[0]?.ots ?? kept.ots,
  };
}

/** Each document with the files that are named after it, in the order of their names; what is named after none stands by itself. */
function paired(roles: readonly Role[]): GivenFiles[] {
  const items = new Map<string, GivenFiles>();
  for (const given of roles) if (given.role === 'document') items.set(pathOf(given.file), { document: given.file });
  for (const given of roles) {
    if (given.role === 'document') continue;
    const path = given.role === 'proof' ? (given.proof.path ?? '') : (given.ots.path ?? '');
    // `a.pdf.sealroot.json` goes with `a.pdf`: the longest name that it begins with.
    let name = path;
    while (name !== '' && !items.has(name)) name = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    const item = items.get(name);
    const isFree = item !== undefined && item[given.role] === undefined;
    items.set(isFree ? name : `${path}\0`, {
      ...(isFree ? item : {}),
      ...(given.role === 'proof' ? { proof: given.proof } : { ots: given.ots }),
    });
  }
  return [...items].sort(([one], [other]) => one.localeCompare(other)).map(([, item]) => item);
}

/** What each file is. Few are looked at at once: the page goes on meanwhile. */
async function findRoles(files: readonly File[]): Promise<Role[]> {
  const roles: Role[] = [];
  const left = files.entries();
  async function work(): Promise<void> {
    for (const [index, file] of left) roles[index] = await findRole(file);
  }
  await Promise.all(Array.from({ length: LOOKED_AT_ONCE }, work));
  return roles;
}

/** The path of a file in its folder, where it came with one. */
function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

async function findRole(file: File): Promise<Role> {
  const document: Role = { role: 'document', file };
  if (file.size === 0 || file.size > MAX_PROOF_BYTES) return document;
  let bytes: Uint8Array;
  try {
    const start = new Uint8Array(await file.slice(0, LOOKED_AT_BYTES).arrayBuffer());
    const mayBeProof = startsWith(start, OTS_MAGIC) || looksLikeJson(start) || hasProofName(file.name);
    if (!mayBeProof) return document;
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    // Hashing meets the same error and explains it to the reader.
    console.info('a file could not be read:', error);
    return document;
  }
  const given = { name: file.name, path: pathOf(file), bytes };
  if (startsWith(bytes, OTS_MAGIC)) return { role: 'ots', ots: given };
  if (!looksLikeProof(file.name, bytes)) return document;
  return { role: 'proof', proof: given };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return (
    bytes.length >= text.length &&
    Array.from(text).every((character, index) => bytes[index] === character.charCodeAt(0))
  );
}

/** A proof says what it is in its first member names; a damaged one may only be known by its file name. */
function looksLikeProof(name: string, bytes: Uint8Array): boolean {
  if (hasProofName(name)) return true;
  if (!looksLikeJson(bytes)) return false;
  return /"format"\s*:\s*"sealroot\/proof@/.test(new TextDecoder().decode(bytes));
}

function hasProofName(name: string): boolean {
  return /\.(proof|sealroot)\.json$/i.test(name);
}

function looksLikeJson(bytes: Uint8Array): boolean {
  return bytes.find((byte) => byte > 0x20) === 0x7b;
}
