import { blindDigests, type DigestBytes, digestsToHex } from '#sdk/hashing.js';
import { stat } from 'node:fs/promises';
import { pieces } from '#embed/byte-source.js';
import { findEmbedded, sealedPart } from '#embed/find-embedded.js';
import { otsFile } from '#proof/ots-file.js';
import { ProofError } from '#proof/error.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '#statement/digest.js';
import { isRecordId } from '#statement/record-id.js';
import { commandLineWords } from '#words/command-line.js';
import { inOrder } from '#words/joints.js';
import type { Language } from '#words/language.js';
import { parseSalt } from '../blinding.js';
import { CliError, EvidenceError, fileError } from '../cli-error.js';
import type { Context } from '../context.js';
import {
  type Evidence,
  keepEvidence,
  keepProof,
  proofEvidence,
  timestampEvidence,
  tlogProofEvidence,
} from '../evidence-file.js';
import { digestFile, digestPieces, PIECE_BYTES, STDIN } from '../file-digest.js';
import { openSource } from '../file-source.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { checkProof, noTimestampFile } from '../proof-check.js';
import { findProofFile, proofIn, readProofFile } from '../proof-file.js';
import { findRecords, requestProof, requestProofPrivately } from '../proof-request.js';
import { findSalt, SALT_SUFFIX } from '../salt-file.js';
import { connect } from '../service.js';
import type { ServiceClient } from '../service-client.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { visible } from '../terminal.js';

/** Options of `sealroot proof`. */
export interface ProofOptions extends LanguageOption {
  url?: string | undefined;
  format: 'json' | 'ots' | 'tlog-proof';
  tree: 'batch' | 'log';
  out?: string | undefined;
  salt?: string | undefined;
  from?: string | undefined;
  logKey: string[];
}

const SUFFIX: Record<ProofOptions['format'], string> = { json: PROOF_SUFFIX, ots: '.ots', 'tlog-proof': '.tlog-proof' };

/** Gets a record's proof, by record id or for a file, or takes the one of `--from`, checks it and writes it in one of its formats. */
export async function getProof(context: Context, subject: string, options: ProofOptions): Promise<void> {
  const language = languageFor(context, options);
  const { unchanged, wrote } = commandLineWords(language).evidence;
  const isFile = !isRecordId(subject) || (await exists(subject));
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const given = options.from === undefined ? undefined : await readProofFile(options.from, language);
  const client = connect(context, options);
  const document = isFile
    ? await findDocument(context, client, subject, { ...options, language }, given)
    : { id: subject, digestHex: undefined, digests: undefined, salt: undefined };
  if (given !== undefined && document.id !== given.id)
    throw new CliError('usage', `Reading --from: expected the proof of ${subject}, got that of ${given.id}`);
  const text = given === undefined ? await fetchProof(client, document, language) : formatProof(given);
  const { digests } = document;
  const { proof } = await checkProof(text, { ...document, trustedKeys, language, now: context.now() });

  const beside = isFile && subject !== STDIN ? subject : undefined;
  const inputs = [subject, options.from, beside === undefined ? undefined : beside + SALT_SUFFIX].filter(
    (path) => path !== undefined,
  );
  if (options.format === 'json' && options.out === undefined && beside !== undefined) {
    const path = await keepProof(proof, beside + PROOF_SUFFIX, `${beside}.${proof.id}${PROOF_SUFFIX}`, {
      inputs,
      language,
      now: context.now(),
    });
    context.terminal.note(visible(wrote(path)));
    return;
  }
  const out = options.out ?? (beside === undefined ? '-' : beside + SUFFIX[options.format]);
  const evidence = evidenceOf(proof, options, digests?.sha256, context.now(), language);
  if (out === '-') {
    if (options.format === 'ots' && context.terminal.stdout.isTTY === true)
      throw new CliError('usage', 'Writing an .ots file: expected --out or a redirection, got a terminal');
    context.terminal.stdout.write(evidence.content);
    return;
  }
  const mode = proof.salt === undefined ? undefined : 0o600;
  const kept = await keepEvidence(out, evidence, { inputs, language, mode });
  context.terminal.note(visible(kept === 'unchanged' ? unchanged(out) : wrote(out)));
}

/** The proof in the format that is asked for. */
function evidenceOf(
  proof: Proof,
  { format, tree }: ProofOptions,
  documentDigest: Uint8Array | undefined,
  now: Date,
  language: Language,
): Evidence {
  if (format === 'json') return proofEvidence(proof, now);
  if (format === 'tlog-proof') return tlogProofEvidence(tree === 'batch' ? recordInBatch(proof) : batchInLog(proof));
  try {
    return timestampEvidence(otsFile(proof, { documentDigest }));
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw noTimestampFile(error, language);
  }
}

/** A record, and the digest that it was found by. */
interface Found {
  id: string;
  digestHex?: string | undefined;
}

interface DocumentFound extends Found {
  digests: DigestBytes | undefined;
  salt: Uint8Array | undefined;
}

/** Hashes a document and finds its record: that of the given proof, or the oldest that the service has. */
async function findDocument(
  context: Context,
  client: ServiceClient,
  file: string,
  options: ProofOptions & { language: Language },
  given: Proof | undefined,
): Promise<DocumentFound> {
  if (given !== undefined) {
    const digests = await digestFile(file, Object.keys(given.statement.digests) as DigestAlgorithm[], context.stdin);
    const kept = await findDocumentSalt(file, digests, options);
    return { id: given.id, digests, salt: given.salt === undefined ? kept : parseSalt(given.salt) };
  }
  const inside = file === STDIN ? undefined : await findInside(file);
  if (inside !== undefined) return inside;
  // Nearly every record has a SHA-256: a large file is not hashed four times over for the others. Standard input comes only once.
  const rounds = file === STDIN ? [DIGEST_ALGORITHMS] : [DIGEST_ALGORITHMS.slice(0, 1), DIGEST_ALGORITHMS.slice(1)];
  let triedSalt = false;
  for (const algorithms of rounds) {
    const digests = await digestFile(file, algorithms, context.stdin);
    const salt = await findDocumentSalt(file, digests, options);
    triedSalt ||= salt !== undefined;
    const found = await lookUp(context, client, digests, salt, options.language);
    if (found !== undefined) return { ...found, digests, salt };
  }
  const { needsSalt, unknown } = commandLineWords(options.language).evidence;
  const sentence = inOrder(options.language.joints, unknown(file, client.url), triedSalt ? null : needsSalt);
  throw new EvidenceError('not-found', sentence);
}

/** What a file with its own proof inside is about: the record of that proof, and the document in it. Undefined for any other file. */
async function findInside(path: string): Promise<DocumentFound | undefined> {
  const source = await openSource(path);
  try {
    const there = await findEmbedded(source);
    const proof = there && proofIn(there.proof);
    if (there === undefined || proof === undefined) return undefined;
    const recorded = proof.statement.digests;
    const part = pieces(sealedPart(source, there), PIECE_BYTES);
    const digests = await digestPieces(part, Object.keys(recorded) as DigestAlgorithm[]);
    await source.checkUnchanged();
    const salt = proof.salt === undefined ? undefined : parseSalt(proof.salt);
    return { id: proof.id, digestHex: Object.values(recorded)[0], digests, salt };
  } finally {
    await source.close();
  }
}

/** The salt that the user gave, or that lies beside the document, in its salt file or its proof. */
async function findDocumentSalt(
  subject: string,
  digests: DigestBytes,
  options: ProofOptions,
): Promise<Uint8Array | undefined> {
  if (options.salt !== undefined) return parseSalt(options.salt);
  if (subject === STDIN) return undefined;
  const kept = await findSalt(subject + SALT_SUFFIX, digests);
  if (kept !== undefined) return kept;
  const proof = await findProofFile(subject + PROOF_SUFFIX);
  return proof?.salt === undefined ? undefined : parseSalt(proof.salt);
}

/** The oldest record with one of the digests, blinded ones first; undefined when there is none. */
async function lookUp(
  context: Context,
  client: ServiceClient,
  digests: DigestBytes,
  salt: Uint8Array | undefined,
  language: Language,
): Promise<Found | undefined> {
  for (const candidate of [...(salt === undefined ? [] : [blindDigests(digests, salt)]), digests].map(digestsToHex)) {
    for (const [algorithm, digestHex] of Object.entries(candidate)) {
      const { hasMore, records } = await findRecords(client, algorithm, digestHex!);
      const [oldest, ...others] = records.map(({ id }) => id);
      if (oldest === undefined) continue;
      if (others.length > 0 || hasMore) {
        const { several } = commandLineWords(language).evidence;
        context.terminal.note(several(records.length, hasMore, oldest, others.slice(0, 10)));
      }
      return { id: oldest, digestHex };
    }
  }
  return undefined;
}

/** The proof of a record; of one that was found by a digest without saying which it is. */
async function fetchProof(client: ServiceClient, { digestHex, id }: Found, language: Language): Promise<string> {
  const answer = await (digestHex === undefined
    ? requestProof(client, id)
    : requestProofPrivately(client, id, digestHex));
  if (answer.state === 'ready') return answer.text;
  throw new EvidenceError('not-ready', commandLineWords(language).evidence.notSealed(id));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError(`Finding ${path}`, error, 'no-input');
  }
}
