import { bytesToHex } from '@noble/hashes/utils.js';
import type { SealedPart } from '#proof/document-check.js';
import { verifyTimestampFile } from '#proof/timestamp-file.js';
import type { Verdict, Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';
import type { Sources } from '#source/ask.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, isDigestAlgorithm } from '#statement/digest.js';
import { normalizeTime } from '#statement/time.js';
import type { FileNote } from '#words/file-note.js';
import { parseSalt } from '../blinding.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { type EvmOptions, openEvmSources } from '../evm-sources.js';
import { EXIT } from '../exit-code.js';
import type { DigestBytes } from '#sdk/hashing.js';
import { STDIN } from '../file-digest.js';
import { type HeaderOptions, openHeaderSources } from '../header-sources.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { findSalt, SALT_SUFFIX } from '../salt-file.js';
import { readTimeStampRoots } from '../time-stamp-roots.js';
import { chooseProof, type GivenProof, readGivenProofs } from '../verify/given-proof.js';
import type { HashedDocument } from '../verify/hashed-document.js';
import { extract, findSealedPart, hashGiven, type Inside, lookInside, proofsInside } from '../verify/inside.js';
import { visible } from '../terminal.js';
import { printReport, reportValue } from '../verify/report.js';

/** Options of `sealroot verify`. */
export interface VerifyOptions extends HeaderOptions, EvmOptions, LanguageOption {
  /** Files of trusted roots of time-stamp authorities. */
  tsaRoot: string[];
  proof: string[];
  digest: string[];
  logKey: string[];
  salt?: string | undefined;
  /** The time whose standing is asked. */
  at?: string | undefined;
  /** Milliseconds. */
  statusMaxAge?: number | undefined;
  witnessKey: string[];
  /** Where to write the registered version of a file that holds its proof. */
  extract?: string | undefined;
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

/** The exit code of a verification. */
export function exitCodeOf({ verdict, who }: Verification, anySigner: boolean): number {
  if (verdict !== 'authentic') return EXIT_OF[verdict];
  return who === 'unchecked' && !anySigner ? EXIT.signerUnchecked : EXIT.ok;
}

/** Verifies a document against a proof file, with no service and no database. Returns the exit code of the verdict. */
export async function verify(context: Context, file: string | undefined, options: VerifyOptions): Promise<number> {
  if ((file === undefined) === (options.digest.length === 0))
    throw new CliError(
      'usage',
      `Choosing the document: expected FILE or --digest, got ${file === undefined ? 'neither' : 'both'}`,
    );
  const language = languageFor(context, options);
  const inside = file === undefined ? undefined : await lookInside(file);
  try {
    const { files, proof, verification } = await verifyGiven(context, file, options, inside);
    const document = file ?? options.digest.join(', ');
    const exitCode = exitCodeOf(verification, options.anySigner === true);
    const report = { document, proof, files, verification, exitCode };
    if (options.json) context.terminal.json(reportValue(report, language));
    else printReport(context.terminal, report, language);
    if (options.extract !== undefined) await extractTo(context, options.extract, inside, verification);
    return exitCode;
  } finally {
    await inside?.file.close();
  }
}

async function verifyGiven(
  context: Context,
  file: string | undefined,
  options: VerifyOptions,
  inside: Inside | undefined,
): Promise<{ verification: Verification; proof: string; files: FileNote[] }> {
  const given = readDigests(options.digest);
  const access: Access = {
    now: readTime('--now', options.now) ?? context.now(),
    at: readTime('--at', options.at),
    maxStatusAgeMs: options.statusMaxAge,
    trustedKeys: await readPinnedKeys('--log-key', options.logKey),
    witnessKeys: await readPinnedKeys('--witness-key', options.witnessKey),
    sources: { bitcoin: await openHeaderSources(context, options), evm: await openEvmSources(context, options) },
    timestampRoots: await readTimeStampRoots(options.tsaRoot),
    publicOnly: options.network === 'mainnet',
  };
  const found = await readGivenProofs(file, options.proof, proofsInside(inside));
  const hashed =
    file === undefined
      ? { document: { digests: given, twins: [] }, sealed: undefined }
      : await hashGiven(file, inside, { found, named: options.proof.length > 0, stdin: context.stdin });
  const { document } = hashed;
  const { notes, opened } = await openBlinded(found, { file, document, salt: options.salt });
  const choice = chooseProof(opened, document, options.proof.length > 0);
  const sealed = hashed.sealed ?? (inside && (await findSealedPart(inside, choice.chosen)));
  const verification = await verifyChosen(choice.chosen, choice.companions, { ...document, sealed }, access);
  return { verification, proof: choice.chosen.path, files: [...notes, ...choice.notes] };
}

/** Writes out the registered version, where a file holds it. */
async function extractTo(
  context: Context,
  path: string,
  inside: Inside | undefined,
  { findings }: Verification,
): Promise<void> {
  const bytes = findings.flatMap((finding) =>
    finding.check === 'document' && 'sealedBytes' in finding ? (finding.sealedBytes ?? []) : [],
  )[0];
  if (inside === undefined || bytes === undefined)
    throw new CliError('bad-data', `Writing ${path}: expected a file with a proof inside that fits it, got none`);
  await extract(inside, bytes, path);
  context.terminal.note(`wrote ${visible(path)}`);
}

/** What a proof is checked with. */
interface Access {
  sources: Sources;
  trustedKeys: string[];
  /** DER. */
  timestampRoots: Uint8Array[];
  /** Whether test chains count for nothing. */
  publicOnly: boolean;
  witnessKeys: string[];
  maxStatusAgeMs: number | undefined;
  at: Date | undefined;
  now: Date;
}

function verifyChosen(
  { bytes, content }: GivenProof,
  companions: readonly GivenProof[],
  { digests, sealed, twins }: HashedDocument & { sealed: SealedPart | undefined },
  access: Access,
): Promise<Verification> {
  if (content.kind === 'timestamp') {
    const { file } = content;
    return verifyTimestampFile({
      file,
      digest: digests[file.hash] ?? null,
      twins: twins.flatMap((twin) => twin[file.hash] ?? []),
      ...access,
    });
  }
  return verifyProof({
    // What cannot be read goes to the verifier as it is, which says what it is.
    proof: content.kind === 'proof' ? content.proof : bytes,
    digests,
    twins,
    sealed,
    companions: companions.map((companion) => ({ file: companion.path, bytes: companion.bytes })),
    ...access,
  });
}

/** Gives blinded proofs the salt that opens them: that of the command line, or one that is kept beside the document. */
async function openBlinded(
  proofs: readonly GivenProof[],
  { document, file, salt }: { document: HashedDocument; file: string | undefined; salt: string | undefined },
): Promise<{ opened: GivenProof[]; notes: FileNote[] }> {
  const blinded = proofs.filter(({ content }) => content.kind === 'proof' && content.proof.statement.blinded === true);
  const readable = proofs.some(({ content }) => content.kind === 'proof');
  if (salt !== undefined && readable && blinded.length === 0)
    throw new CliError('usage', 'Reading --salt: expected none, since the digest in this proof is not blinded');
  const path = file === undefined || file === STDIN ? undefined : file + SALT_SUFFIX;
  const isClosed = blinded.some(({ content }) => content.kind === 'proof' && content.proof.salt === undefined);
  const kept =
    path === undefined || !isClosed || salt !== undefined ? undefined : await findSalt(path, document.digests);
  const own = salt === undefined ? undefined : parseSalt(salt);
  const opened = proofs.map((given): GivenProof => {
    if (!blinded.includes(given) || given.content.kind !== 'proof') return given;
    const { proof } = given.content;
    const bytes = own ?? (proof.salt === undefined ? kept : undefined);
    if (bytes === undefined) return given;
    return { ...given, content: { kind: 'proof', proof: { ...proof, salt: bytesToHex(bytes) } } };
  });
  return { opened, notes: kept === undefined || path === undefined ? [] : [{ file: path, note: 'salt-used' }] };
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

/** Throws CliError `usage`. */
function readTime(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = normalizeTime(text);
  if (time === null)
    throw new CliError('usage', `Reading ${option}: expected an RFC 3339 time, got ${JSON.stringify(text)}`);
  return new Date(time);
}
