import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ExportPart } from '#proof/anchors/attestation-export.js';
import { ProofError } from '#proof/error.js';
import type { Proof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { TspError } from '#tsp/error.js';
import { commandLineWords } from '#words/command-line.js';
import { parseSalt } from '../blinding.js';
import { noTimestampFile, structuralFailure } from '../proof-check.js';
import { CliError, EvidenceError, fileError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { DigestBytes } from '#sdk/hashing.js';
import { digestFile } from '../file-digest.js';
import { exportParts } from '../export/export-file.js';
import { languageFor, type LanguageOption } from '../language.js';
import { writeWholeFile } from '../output-file.js';
import { readProofFile } from '../proof-file.js';
import { findSalt, SALT_SUFFIX } from '../salt-file.js';
import { visible } from '../terminal.js';

/** Options of `sealroot export`. */
export interface ExportOptions extends LanguageOption {
  document?: string | undefined;
  salt?: string | undefined;
  json?: true | undefined;
}

/** Name of the file that says what the others are. */
const GUIDE = 'README.txt';

/** Writes what stock tools need to verify a proof, and a text that names the commands, into a folder that is new or empty. */
export async function exportProof(
  context: Context,
  path: string,
  folder: string,
  options: ExportOptions,
): Promise<void> {
  const language = languageFor(context, options);
  const { exported, failed } = commandLineWords(language).evidence;
  const given = await readProofFile(path, language);
  const digests =
    options.document === undefined ? undefined : await digestFile(options.document, ['sha256'], context.stdin);
  const proof = await withSalt(given, digests, options);
  // What does not hold in itself is not handed on. Anchors are for the other tools to check.
  const verification = await verifyProof({ proof, digests, now: context.now() });
  const failure = structuralFailure(verification, language);
  if (failure !== undefined) throw new EvidenceError('refused', failed(path, failure));
  await prepareFolder(folder);
  let parts: ExportPart[];
  try {
    parts = await exportParts({
      proof,
      documentDigest: digests?.sha256,
      documentName: shellWord(options.document ?? 'DOCUMENT'),
      now: context.now(),
    });
  } catch (error) {
    if (error instanceof ProofError) throw noTimestampFile(error, language);
    if (!(error instanceof TspError)) throw error;
    throw new CliError('refused', `Exporting ${path}: ${error.message}`, { cause: error });
  }
  const guide = guideText(proof, parts);
  const files = [...parts.flatMap((part) => part.files), { name: GUIDE, content: guide }];
  // A file that starts at the document of a blinded record gives the salt away.
  const mode = proof.salt === undefined ? undefined : 0o600;
  for (const { content, name } of files) await writeWholeFile(join(folder, name), content, { replace: false, mode });
  if (options.json) return context.terminal.json({ folder, files: files.map(({ name }) => name) });
  context.terminal.print(guide.trimEnd());
  context.terminal.note(visible(exported(files.length, folder)));
}

async function withSalt(proof: Proof, digests: DigestBytes | undefined, options: ExportOptions): Promise<Proof> {
  if (proof.statement.blinded !== true || proof.salt !== undefined) return proof;
  const { document, salt } = options;
  const found =
    salt !== undefined
      ? parseSalt(salt)
      : document === undefined || digests === undefined
        ? undefined
        : await findSalt(document + SALT_SUFFIX, digests);
  return found === undefined ? proof : { ...proof, salt: bytesToHex(found) };
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw fileError(`Writing ${folder}`, error, 'cannot-create');
  }
  throw new CliError('cannot-create', `Writing ${folder}: expected a new or empty folder, got one with files in it`);
}

function guideText({ id, statement }: Proof, parts: readonly ExportPart[]): string {
  const head = [
    `Record ${id}, submitted by ${statement.agency} at ${statement.receivedAt} (as the proof says).`,
    'What follows repeats its verification with programs that others wrote. Run the commands in this folder.',
  ];
  const steps = [
    'From the document to a checkpoint: verify.sh computes every step of that way. A checkpoint names the root of the log; what an',
    'anchor attests is that root, or the text of the checkpoint. Each anchor below can be checked without the others.',
  ];
  const blocks = [head, steps, ...parts.map(({ lines }) => lines)];
  // Certificates, errors and file names bring words of others.
  return `${blocks.map((lines) => lines.map(visible).join('\n')).join('\n\n')}\n`;
}

/** A path as one word of a POSIX shell that no program takes for an option, seen from inside a folder beside it: only its name. */
function shellWord(path: string): string {
  const name = visible(basename(path)).replace(/^-/, './-');
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}
