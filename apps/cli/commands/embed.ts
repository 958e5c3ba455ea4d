import { basename } from 'node:path';
import { type ByteSource, pieces } from '#embed/byte-source.js';
import type { Embedded } from '#embed/carrier.js';
import { planEmbedding } from '#embed/embed.js';
import { EmbedError } from '#embed/error.js';
import { findEmbedded, sealedPart } from '#embed/find-embedded.js';
import { nameOfContainer, nameWithProof } from '#embed/file-name.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { formatProof, type Proof } from '#proof/proof.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { commandLineWords } from '#words/command-line.js';
import { CliError, EvidenceError } from '../cli-error.js';
import type { Context } from '../context.js';
import { keepEmbedded, mergeInto } from '../embed/embedded-file.js';
import { digestPieces, PIECE_BYTES } from '../file-digest.js';
import { openSource } from '../file-source.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { checkProof } from '../proof-check.js';
import { findProofFile, proofIn, readProofFile } from '../proof-file.js';
import { requestProofPrivately } from '../proof-request.js';
import { connect } from '../service.js';
import { visible } from '../terminal.js';

/** Options of `sealroot embed`. */
export interface EmbedCommandOptions extends LanguageOption {
  url?: string | undefined;
  out?: string | undefined;
  signed?: true | undefined;
  container?: true | undefined;
  logKey: string[];
}

/** Puts a proof into its document, or renews the one that is in it. */
export async function embedProof(
  context: Context,
  path: string,
  proofPath: string | undefined,
  options: EmbedCommandOptions,
): Promise<void> {
  const language = languageFor(context, options);
  const { embedding, unchanged, wrote } = commandLineWords(language).evidence;
  const source = await openSource(path);
  try {
    const there = await findEmbedded(source);
    const document = there === undefined ? source : sealedPart(source, there);
    const given = await findProof(context, path, there, proofPath, options);
    const proof = await check(context, document, given, options);
    const kept = there === undefined ? proof : mergeInto(path, there.proof, proof, language);
    const signed = options.signed === true || there !== undefined;
    const container = there === undefined && options.container === true ? basename(path) : there?.name;
    const plan = await planEmbedding(document, Buffer.from(formatProof(kept)), { container, signed });
    await source.checkUnchanged();
    const out =
      options.out ??
      (there !== undefined ? path : container === undefined ? nameWithProof(path) : nameOfContainer(path));
    const outcome = await keepEmbedded(out, { document, plan, proof: kept, language });
    context.terminal.note(visible(outcome === 'unchanged' ? unchanged(out) : wrote(out)));
  } catch (error) {
    if (!(error instanceof EmbedError)) throw error;
    throw new EvidenceError('bad-data', embedding[error.code](path), { cause: error });
  } finally {
    await source.close();
  }
}

/** The proof that was named, or lies beside the document; to renew one that is inside, what the service has. */
async function findProof(
  context: Context,
  path: string,
  there: Embedded | undefined,
  proofPath: string | undefined,
  options: EmbedCommandOptions,
): Promise<Proof> {
  if (proofPath !== undefined) return readProofFile(proofPath, languageFor(context, options));
  const beside = path + PROOF_SUFFIX;
  const found = await findProofFile(beside);
  if (found !== undefined) return found;
  const inside = there === undefined ? undefined : proofIn(there.proof);
  if (inside === undefined)
    throw new CliError(
      'no-input',
      `Finding the proof: expected PROOF or ${beside}, found none; "sealroot proof" gets it`,
    );
  const [digestHex = ''] = Object.values(inside.statement.digests);
  const answer = await requestProofPrivately(connect(context, options), inside.id, digestHex);
  const proof = answer.state === 'ready' ? proofIn(answer.text) : undefined;
  if (proof === undefined) throw new CliError('protocol', `Getting the proof of record ${inside.id}: got none`);
  return inside.salt === undefined ? proof : { ...proof, salt: inside.salt };
}

/** The proof, as far as it holds and is the document's. @throws EvidenceError `bad-data`, `protocol` */
async function check(
  context: Context,
  document: ByteSource,
  given: Proof,
  options: EmbedCommandOptions,
): Promise<Proof> {
  const language = languageFor(context, options);
  const { blinded, digests: recorded } = given.statement;
  if (blinded === true && given.salt === undefined)
    throw new EvidenceError('bad-data', commandLineWords(language).evidence.noSalt);
  const digests = await digestPieces(pieces(document, PIECE_BYTES), Object.keys(recorded) as DigestAlgorithm[]);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const { proof } = await checkProof(formatProof(given), {
    id: given.id,
    digests,
    trustedKeys,
    language,
    now: context.now(),
  });
  return proof;
}
