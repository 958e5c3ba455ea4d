import { readFile } from 'node:fs/promises';
import { bytesToHex } from '@noble/hashes/utils.js';
import { createHash } from 'node:crypto';
import { DETACHED_FILE_MAGIC } from '#ots/codec.js';
import { ProofError } from '#proof/error.js';
import { parseProof, type Proof } from '#proof/proof.js';
import { readTimestampFile, type TimestampFileHash, verifyTimestampFile } from '#proof/timestamp-file.js';
import type { Verdict, Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';
import type { Sources } from '#source/ask.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, type DigestAlgorithm, isDigestAlgorithm } from '#statement/digest.js';
import { normalizeTime } from '#statement/time.js';
import { parseSalt } from '../blinding.js';
import { CliError, fileError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type DigestBytes, digestFile, STDIN } from '../file-digest.js';
import { type EvmOptions, openEvmSources } from '../evm-sources.js';
import { type HeaderOptions, openHeaderSources } from '../header-sources.js';
import { readPinnedKeys } from '../pinned-key.js';
import { readProofBytes } from '../proof-file.js';
import { findSalt, SALT_SUFFIX } from '../salt-file.js';
import { PROOF_SUFFIX } from '../submit/own-file.js';
import { readTimeStampRoots } from '../time-stamp-roots.js';
import { printReport } from '../verify/report.js';

/** Options of `sealroot verify`. */
export interface VerifyOptions extends HeaderOptions, EvmOptions {
  /** Files of trusted roots of time-stamp authorities. */
  tsaRoot: string[];
  proof?: string | undefined;
  digest: string[];
  logKey: string[];
  salt?: string | undefined;
  now?: string | undefined;
  /** Whether `authentic` is the answer also where the signer was not checked. */
  anySigner?: true | undefined;
  json?: true | undefined;
}

const EXIT_OF: Record<Exclude<Verdict, 'authentic'>, number> = {
  'authentic-not-current': EXIT.notCurrent,
  pending: EXIT.pending,
  mismatch: EXIT.mismatch,
  unavailable: EXIT.unavailable,
  unreadable: EXIT.badData,
};

function exitCodeOf({ verdict, who, record }: Verification, anySigner: boolean): number {
  if (verdict !== 'authentic') return EXIT_OF[verdict];
  // A bare OpenTimestamps file names no signer that could be checked.
  return who === 'unchecked' && record !== undefined && !anySigner ? EXIT.signerUnchecked : EXIT.ok;
}

/** Verifies a document against a proof file, with no service and no database. Returns the exit code of the verdict. */
export async function verify(context: Context, file: string | undefined, options: VerifyOptions): Promise<number> {
  if ((file === undefined) === (options.digest.length === 0))
    throw new CliError(
      'usage',
      `Choosing the document: expected FILE or --digest, got ${file === undefined ? 'neither' : 'both'}`,
    );
  const given = readDigests(options.digest);
  const now = readNow(context, options.now);
  const trustedKeys = await readPinnedKeys(options.logKey);
  const access: Access = {
    sources: { bitcoin: await openHeaderSources(context, options), evm: await openEvmSources(context, options) },
    timestampRoots: await readTimeStampRoots(options.tsaRoot),
    publicOnly: options.network === 'mainnet',
  };
  const { path, bytes } = await findProof(file, options.proof);

  const document: Document = { file, given, salt: options.salt === undefined ? undefined : parseSalt(options.salt) };
  const isOts = startsWith(bytes, DETACHED_FILE_MAGIC) || path.endsWith('.ots');
  const verification = isOts
    ? await verifyOts(context, document, bytes, access)
    : await verifyJson(context, document, bytes, { access, trustedKeys, now });
  const report = { document: file ?? options.digest.join(', '), proof: path, verification };
  const exitCode = exitCodeOf(verification, options.anySigner === true);
  if (options.json) context.terminal.json({ document: report.document, proof: path, ...verification, exitCode });
  else printReport(context.terminal, report);
  return exitCode;
}

interface Document {
  file: string | undefined;
  given: DigestBytes;
  salt: Uint8Array | undefined;
}

/** What anchors are checked with. */
interface Access {
  sources: Sources;
  /** DER. */
  timestampRoots: Uint8Array[];
  /** Whether chains for tests count for nothing. */
  publicOnly: boolean;
}

async function verifyJson(
  context: Context,
  { file, given, salt }: Document,
  bytes: Uint8Array,
  { access, trustedKeys, now }: { access: Access; trustedKeys: string[]; now: Date },
): Promise<Verification> {
  const proof = readable(bytes);
  // A proof that cannot be read goes to the verifier as it is, which says why; the document is hashed all the same, since a
  // document that cannot be read is a fault of its own.
  const algorithms =
    proof === undefined ? (['sha256'] as const) : DIGEST_ALGORITHMS.filter((name) => proof.statement.digests[name]);
  const digests = file === undefined ? given : await digestFile(file, algorithms, context.stdin);
  const blinded = proof?.statement.blinded === true;
  if (salt !== undefined && proof !== undefined && !blinded)
    throw new CliError('usage', 'Reading --salt: expected none, since the digest in this proof is not blinded');
  const salted = blinded
    ? (salt ?? (proof.salt === undefined ? await saltBeside(file, digests) : undefined))
    : undefined;
  return verifyProof({
    proof: salted === undefined || proof === undefined ? bytes : { ...proof, salt: bytesToHex(salted) },
    digests,
    trustedKeys,
    ...access,
    now,
  });
}

/** The proof in these bytes, or undefined; whether they are a proof is for the verifier to say. */
function readable(bytes: Uint8Array): Proof | undefined {
  try {
    return parseProof(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof ProofError || error instanceof TypeError) return undefined;
    throw error;
  }
}

async function saltBeside(file: string | undefined, digests: DigestBytes): Promise<Uint8Array | undefined> {
  return file === undefined || file === STDIN ? undefined : findSalt(file + SALT_SUFFIX, digests);
}

async function verifyOts(
  context: Context,
  { file, given }: Document,
  bytes: Uint8Array,
  { sources, publicOnly }: Access,
): Promise<Verification> {
  const ots = readTimestampFile(bytes);
  // Bytes that are no such file go to the verifier of proofs, which says what they are.
  if (!('hash' in ots)) return verifyProof({ proof: bytes, now: context.now() });
  const digest = file === undefined ? given[ots.hash as DigestAlgorithm] : await otsDigest(context, file, ots.hash);
  return verifyTimestampFile({ file: ots, digest: digest ?? null, sources, publicOnly });
}

async function otsDigest(context: Context, file: string, hash: TimestampFileHash): Promise<Uint8Array | undefined> {
  if (hash === 'sha256') return (await digestFile(file, ['sha256'], context.stdin)).sha256;
  if (hash === 'keccak256')
    throw new CliError('bad-data', 'Hashing the document: expected sha256, sha1 or ripemd160, got keccak256');
  // Only old files of other tools start from these; they are small enough to be read whole.
  const content = await readFile(file).catch((error: unknown) => {
    throw fileError(`Reading ${file}`, error, 'no-input');
  });
  return new Uint8Array(createHash(hash).update(content).digest());
}

async function findProof(
  file: string | undefined,
  given: string | undefined,
): Promise<{ path: string; bytes: Uint8Array }> {
  const candidates =
    given !== undefined ? [given] : file === undefined || file === STDIN ? [] : [file + PROOF_SUFFIX, `${file}.ots`];
  for (const path of candidates) {
    try {
      return { path, bytes: await readProofBytes(path) };
    } catch (error) {
      if (given === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw fileError(`Reading the proof ${path}`, error, 'no-input');
    }
  }
  if (candidates.length === 0) throw new CliError('usage', 'Finding the proof: expected --proof, got none');
  throw new CliError('no-input', `Finding the proof: expected --proof, or ${candidates.join(' or ')}, found none`);
}

/** `sha256:hex` texts as digests. Throws CliError `usage`. */
function readDigests(texts: readonly string[]): DigestBytes {
  const digests: DigestBytes = {};
  for (const text of texts) {
    const [name = '', hex = '', ...rest] = text.split(':');
    const bytes = isDigestAlgorithm(name) ? DIGEST_BYTES[name] : 0;
    if (!isDigestAlgorithm(name) || rest.length > 0 || !new RegExp(`^[0-9a-f]{${bytes * 2}}$`, 'i').test(hex))
      throw new CliError(
        'usage',
        `Reading --digest: expected ALGORITHM:HEX of ${DIGEST_ALGORITHMS.join(', ')}, got ${JSON.stringify(text)}`,
      );
    digests[name] = new Uint8Array(Buffer.from(hex, 'hex'));
  }
  return digests;
}

function readNow(context: Context, text: string | undefined): Date {
  if (text === undefined) return context.now();
  const time = normalizeTime(text);
  if (time === null)
    throw new CliError('usage', `Reading --now: expected an RFC 3339 time, got ${JSON.stringify(text)}`);
  return new Date(time);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
