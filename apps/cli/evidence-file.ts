import { readFile, realpath, stat } from 'node:fs/promises';
import { DETACHED_FILE_MAGIC, parseDetachedFile, serializeDetachedFile } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { mergeTimestamps } from '#ots/merge.js';
import { startsWith } from '#proof/file-kind.js';
import { readGivenProof } from '#proof/given-proof.js';
import { mergeProofs } from '#proof/merge-proofs.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { TlogError } from '#tlog/error.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { parseTlogProof } from '#tlog/tlog-proof.js';
import { commandLineWords } from '#words/command-line.js';
import { inOrder } from '#words/joints.js';
import type { Language } from '#words/language.js';
import { EvidenceError, fileError } from './cli-error.js';
import { writeWholeFile } from './output-file.js';
import { structuralFailure } from './proof-check.js';
import { MAX_PROOF_BYTES, proofIn } from './proof-file.js';

/** Evidence that is to be kept in a file, and how it goes together with what a file of that name holds already. */
export interface Evidence {
  content: Uint8Array;
  /** Both as one, nothing of either lost; or a sentence that says what is there instead. */
  merge(there: Uint8Array, language: Language): Promise<{ content: Uint8Array } | { other: string }>;
}

/** How evidence is kept. */
export interface KeepOptions {
  /** Files that were read for it, never written. */
  inputs: readonly string[];
  /** File mode; 0600 for what holds a salt. */
  mode?: number | undefined;
  /** In which is told what is there instead. */
  language: Language;
}

/** What became of the file. */
export type Kept = 'written' | 'grown' | 'unchanged';

/**
 * Keeps evidence in a file of this name: new, or merged with the same evidence that is there, so that nothing is ever replaced by something weaker.
 * A file that holds anything else stays as it is, and so does every input, under whatever name or link.
 *
 * @throws CliError `cannot-create`, `no-input`
 */
export async function keepEvidence(path: string, evidence: Evidence, options: KeepOptions): Promise<Kept> {
  const { language, mode } = options;
  if (await writeWholeFile(path, evidence.content, { replace: false, mode })) return 'written';
  // A link leads to the file that is meant; a rename onto it would take the link's place.
  const target = await realpath(path).catch((error: unknown) => {
    throw fileError(`Writing ${path}`, error, 'cannot-create');
  });
  const { inputThere, taken, there: words } = commandLineWords(language).evidence;
  const refusal = (what: string) => new NameTaken('cannot-create', taken(path, what));
  const found = await stat(target);
  if (!found.isFile()) throw refusal(words['no-file']);
  if (found.size > MAX_PROOF_BYTES) throw refusal(language.unreadable['too-large'].what);
  const there = new Uint8Array(
    await readFile(target).catch((error: unknown) => {
      throw fileError(`Reading ${path}`, error, 'no-input');
    }),
  );
  if (same(there, evidence.content)) return 'unchanged';
  const input = await sameFile(found, options.inputs);
  if (input !== undefined) throw refusal(inputThere(input));
  const merged = await evidence.merge(there, language);
  if ('other' in merged) throw refusal(merged.other);
  if (same(there, merged.content)) return 'unchanged';
  await writeWholeFile(target, merged.content, { replace: true, mode });
  return 'grown';
}

/** The name that evidence was to have belongs to something else. */
class NameTaken extends EvidenceError {}

/** The input that is the same file, by device and inode, whatever it is called. */
async function sameFile(there: { dev: number; ino: number }, inputs: readonly string[]): Promise<string | undefined> {
  for (const input of inputs) {
    const found = await stat(input).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw fileError(`Finding ${input}`, error, 'no-input');
    });
    if (found !== undefined && found.dev === there.dev && found.ino === there.ino) return input;
  }
  return undefined;
}

/**
 * Keeps a proof at `path` or, where something else has that name, at `otherPath`, which the record's id makes unique. Returns the path. A proof with a
 * salt is made readable by its owner alone.
 *
 * @throws CliError as {@link keepEvidence}
 */
export async function keepProof(
  proof: Proof,
  path: string,
  otherPath: string,
  { inputs, language, now }: { inputs: readonly string[]; language: Language; now: Date },
): Promise<string> {
  const evidence = proofEvidence(proof, now);
  const options = { inputs, language, mode: proof.salt === undefined ? undefined : 0o600 };
  try {
    await keepEvidence(path, evidence, options);
    return path;
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    await keepEvidence(otherPath, evidence, options);
    return otherPath;
  }
}

/** A proof as evidence. `now` is the time by which what is there is judged. */
export function proofEvidence(proof: Proof, now: Date): Evidence {
  return {
    content: utf8(formatProof(proof)),
    merge: async (there, language) => {
      const kept = proofIn(there);
      if (kept === undefined || kept.id !== proof.id) return { other: describe(there, language) };
      const { there: words } = commandLineWords(language).evidence;
      const failure = structuralFailure(await verifyProof({ proof: kept, now }), language);
      if (failure !== undefined) return { other: inOrder(language.joints, words['not-holding'], failure) };
      const merged = mergeProofs(kept, proof);
      if (typeof merged !== 'string') return { content: utf8(formatProof(merged)) };
      return { other: words[merged === 'too-large' ? 'too-large-together' : merged] };
    },
  };
}

/** A detached OpenTimestamps file as evidence. */
export function timestampEvidence(content: Uint8Array): Evidence {
  return {
    content,
    merge: (there, language) => {
      try {
        const [kept, made] = [parseDetachedFile(there), parseDetachedFile(content)];
        if (kept.hash !== made.hash || !same(kept.digest, made.digest))
          return Promise.resolve({ other: describe(there, language) });
        const timestamp = mergeTimestamps(kept.timestamp, made.timestamp);
        return Promise.resolve({ content: serializeDetachedFile({ ...made, timestamp }) });
      } catch (error) {
        if (!(error instanceof OtsError)) throw error;
        return Promise.resolve({ other: describe(there, language) });
      }
    },
  };
}

/** A C2SP tlog-proof as evidence: one of the same entry gives way to one of a larger or the same tree with no fewer signatures. */
export function tlogProofEvidence(text: string): Evidence {
  return {
    content: utf8(text),
    merge: (there, language) => {
      const [kept, made] = [readTlogProof(Buffer.from(there).toString('utf8')), readTlogProof(text)];
      if (kept === undefined || made === undefined || kept.index !== made.index || kept.origin !== made.origin)
        return Promise.resolve({ other: describe(there, language) });
      const names = new Set(made.signatures);
      if (kept.size > made.size || !kept.signatures.every((signature) => names.has(signature)))
        return Promise.resolve({ other: commandLineWords(language).evidence.there['shows-more'] });
      return Promise.resolve({ content: utf8(text) });
    },
  };
}

function readTlogProof(
  text: string,
): { index: number; origin: string; size: number; signatures: string[] } | undefined {
  try {
    const { index, checkpoint } = parseTlogProof(text);
    const note = parseNote(checkpoint);
    const { origin, size } = parseCheckpoint(note.text);
    return { index, origin, size, signatures: note.signatures.map(({ keyId, name }) => `${name} ${keyId.join()}`) };
  } catch (error) {
    if (error instanceof TlogError) return undefined;
    throw error;
  }
}

/** What a file is, a sentence. */
function describe(bytes: Uint8Array, language: Language): string {
  const { proofThere, there } = commandLineWords(language).evidence;
  if (startsWith(bytes, DETACHED_FILE_MAGIC)) return there['other-timestamp'];
  const read = readGivenProof(bytes);
  return 'proof' in read ? proofThere(read.proof.id) : language.unreadable[read.reason].what;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
