import { isUtf8 } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import { CODE_MAX_BYTES, type CodeForm } from '#paper/code.js';
import { formatCode } from '#paper/codec.js';
import { PaperError } from '#paper/error.js';
import { PRINTED_MODULE_MM, pngOf, qrModules, svgOf } from '#paper/image.js';
import { codeOfProof } from '#paper/of-proof.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { formatProof } from '#proof/proof.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { commandLineWords } from '#words/command-line.js';
import { EvidenceError } from '../cli-error.js';
import { parseSalt } from '../blinding.js';
import type { Context } from '../context.js';
import { digestPieces } from '../file-digest.js';
import { readInput } from '../input-file.js';
import { languageFor, type LanguageOption } from '../language.js';
import { writeWholeFile } from '../output-file.js';
import { readPinnedKeys } from '../pinned-key.js';
import { checkProof } from '../proof-check.js';
import { readProofFile } from '../proof-file.js';
import { findSalt, SALT_SUFFIX } from '../salt-file.js';
import { visible } from '../terminal.js';

/** Pixels of a module: 600 dpi at the size for print. */
const PIXELS = 8;

/** Options of `sealroot qr`. */
export interface QrCommandOptions extends LanguageOption {
  form: CodeForm;
  format: 'svg' | 'png' | 'text';
  out?: string | undefined;
  salt?: string | undefined;
  text: boolean;
  logKey: string[];
}

/** Writes the code for print of a sealed text. Nothing leaves this machine. */
export async function makeQr(
  context: Context,
  path: string,
  proofPath: string | undefined,
  options: QrCommandOptions,
): Promise<void> {
  const language = languageFor(context, options);
  const words = commandLineWords(language).evidence;
  const bytes = await readInput(path);
  const given = await readProofFile(proofPath ?? path + PROOF_SUFFIX, language);
  const algorithms = Object.keys(given.statement.digests) as DigestAlgorithm[];
  const digests = await digestPieces(once(bytes), algorithms);
  const kept = given.salt === undefined ? await findSalt(path + SALT_SUFFIX, digests) : undefined;
  const salt = options.salt === undefined ? kept : parseSalt(options.salt);
  if (given.statement.blinded === true && given.salt === undefined && salt === undefined)
    throw new EvidenceError('bad-data', words.noSalt);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const { proof } = await checkProof(formatProof(given), {
    id: given.id,
    digests,
    salt,
    trustedKeys,
    language,
    now: context.now(),
  });
  let code: string;
  try {
    code = formatCode(codeOfProof(proof, options.form, options.text ? textOf(bytes) : undefined));
  } catch (error) {
    if (!(error instanceof PaperError)) throw error;
    const why = error.code === 'too-large' ? words.code.tooLarge : words.code.noText;
    throw new EvidenceError('bad-data', why(path), { cause: error });
  }
  await write(context, code, proof.id, options, words.wrote);
}

/** The document as text; what is none becomes one that no code can carry. */
function textOf(bytes: Uint8Array): string {
  return bytes.length > CODE_MAX_BYTES['self-contained'] || !isUtf8(bytes)
    ? '\0'
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

async function write(
  { terminal }: Context,
  code: string,
  id: string,
  { format, out }: QrCommandOptions,
  wrote: (file: string) => string,
): Promise<void> {
  const modules = format === 'text' ? [] : qrModules(code);
  const content =
    format === 'text'
      ? `${code}\n`
      : format === 'png'
        ? pngOf(modules, PIXELS, { crc32, deflateSync })
        : svgOf(modules, { sizeMm: Math.round(modules.length * PRINTED_MODULE_MM), title: id });
  if (out === undefined) {
    terminal.stdout.write(content);
    return;
  }
  // The salt is in it, and the paper shows it: no secret beside the paper.
  await writeWholeFile(out, content, { replace: true, mode: 0o600 });
  terminal.note(visible(wrote(out)));
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
