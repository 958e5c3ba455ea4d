import { readFile, realpath, stat } from 'node:fs/promises';
import { DETACHED_FILE_MAGIC, parseDetachedFile, serializeDetachedFile } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { mergeTimestamps } from '#ots/merge.js';
import { fileKind, startsWith } from '#proof/file-kind.js';
import type { UnreadableKind } from '#proof/finding.js';
import { mergeProofs } from '#proof/merge-proofs.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { TlogError } from '#tlog/error.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { parseTlogProof } from '#tlog/tlog-proof.js';
import { CliError, fileError } from './cli-error.js';
import { writeWholeFile } from './output-file.js';
import { structuralFailure } from './proof-check.js';
import { proofIn } from './proof-file.js';
import { visible } from './terminal.js';

/** Evidence that is to be kept in a file, and how it goes together with what a file of that name holds already. */
export interface Evidence {
  content: Uint8Array;
  /** Both as one, nothing of either lost; or a noun phrase that says what is there instead. */
  merge(there: Uint8Array): Promise<{ content: Uint8Array } | { other: string }>;
}

/** How evidence is kept. */
export interface KeepOptions {
  /** Files that were read for it, never written. */
  inputs: readonly string[];
  /** File mode; 0600 for what holds a salt. */
  mode?: number | undefined;
}

/** What became of the file. */
export type Kept = 'written' | 'grown' | 'unchanged';

/** Largest file that is read to find out what it is, in bytes; more than any evidence has. */
const MAX_EVIDENCE_BYTES = 8 * 1024 * 1024;

/**
 * Keeps evidence in a file of this name: new, or merged with the same evidence that is there, so that nothing is ever replaced by something weaker.
 * A file that holds anything else stays as it is, and so does every input, under whatever name or link.
 *
 * @throws CliError `cannot-create`, `no-input`
 */
export async function keepEvidence(path: string, evidence: Evidence, options: KeepOptions): Promise<Kept> {
  const { mode } = options;
  if (await writeWholeFile(path, evidence.content, { replace: false, mode })) return 'written';
  // A link leads to the file that is meant; a rename onto it would take the link's place.
  const target = await realpath(path).catch((error: unknown) => {
    throw fileError(`Writing ${path}`, error, 'cannot-create');
  });
  const there = await readThere(target);
  if (same(there, evidence.content)) return 'unchanged';
  const input = await inputAt(target, options.inputs);
  if (input !== undefined) throw refusal(path, `${input}, which was read for it`);
  const merged = await evidence.merge(there);
  if ('other' in merged) throw refusal(path, merged.other);
  if (same(there, merged.content)) return 'unchanged';
  await writeWholeFile(target, merged.content, { replace: true, mode });
  return 'grown';
}

/** The name that evidence was to have belongs to something else. */
class NameTaken extends CliError {}

function refusal(path: string, got: string): NameTaken {
  return new NameTaken(
    'cannot-create',
    `Writing ${visible(path)}: expected no file there or the same evidence, got ${got}; nothing was written`,
  );
}

async function readThere(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw refusal(path, 'something that is no file');
    if (found.size > MAX_EVIDENCE_BYTES) throw refusal(path, 'a file larger than any evidence');
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw fileError(`Reading ${path}`, error, 'no-input');
  }
}

/** The input that is the same file, by device and inode, whatever it is called. */
async function inputAt(target: string, inputs: readonly string[]): Promise<string | undefined> {
  const there = await stat(target);
  for (const input of inputs) {
    const found = await stat(input).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw fileError(`Finding ${input}`, error, 'no-input');
    });
    if (found !== undefined && found.dev === there.dev && found.ino === there.ino) return visible(input);
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
  { inputs, now }: { inputs: readonly string[]; now: Date },
): Promise<string> {
  const evidence = proofEvidence(proof, now);
  const options = { inputs, mode: proof.salt === undefined ? undefined : 0o600 };
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
    merge: async (there) => {
      const kept = proofIn(Buffer.from(there).toString('utf8'));
      if (kept === undefined || kept.id !== proof.id) return { other: describe(there) };
      const failure = structuralFailure(await verifyProof({ proof: kept, now }));
      if (failure !== undefined) return { other: `a proof of the same record that does not hold (${failure})` };
      const merged = mergeProofs(kept, proof);
      switch (merged) {
        case 'other-record':
          return { other: 'another proof under the same record number' };
        case 'other-history':
          return { other: 'a proof of the same record that shows another history of the log: keep both' };
        case 'too-large':
          return { other: 'a proof of the same record, and both together are too large for one' };
        default:
          return { content: utf8(formatProof(merged)) };
      }
    },
  };
}

/** A detached OpenTimestamps file as evidence. */
export function timestampEvidence(content: Uint8Array): Evidence {
  return {
    content,
    merge: (there) => {
      try {
        const [kept, made] = [parseDetachedFile(there), parseDetachedFile(content)];
        if (kept.hash !== made.hash || !same(kept.digest, made.digest))
          return Promise.resolve({ other: describe(there) });
        const timestamp = mergeTimestamps(kept.timestamp, made.timestamp);
        return Promise.resolve({ content: serializeDetachedFile({ ...made, timestamp }) });
      } catch (error) {
        if (!(error instanceof OtsError)) throw error;
        return Promise.resolve({ other: describe(there) });
      }
    },
  };
}

/** A C2SP tlog-proof as evidence: one of the same entry gives way to one of a larger or the same tree with no fewer signatures. */
export function tlogProofEvidence(text: string): Evidence {
  return {
    content: utf8(text),
    merge: (there) => {
      const [kept, made] = [readTlogProof(Buffer.from(there).toString('utf8')), readTlogProof(text)];
      if (kept === undefined || made === undefined || kept.index !== made.index || kept.origin !== made.origin)
        return Promise.resolve({ other: describe(there) });
      const names = new Set(made.signatures);
      if (kept.size > made.size || !kept.signatures.every((signature) => names.has(signature)))
        return Promise.resolve({ other: 'a proof of the same entry that shows more' });
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

const NOUNS: Record<UnreadableKind, string> = {
  empty: 'an empty file',
  html: 'a web page',
  pdf: 'a PDF',
  zip: 'an archive',
  'utf-16': 'a text in UTF-16',
  'byte-order-mark': 'a text with a byte order mark',
  base64: 'a text in base64',
  hex: 'a text in hex',
  'cut-short': 'a file that ends in the middle',
  receipt: 'a receipt',
  'signed-note': 'a signed checkpoint or log proof',
  'time-stamp': 'a time-stamp',
  'other-json': 'a JSON file that is no proof',
  'newer-version': 'a proof of a newer version',
  'too-large': 'a file larger than any evidence',
  damaged: 'another file',
};

/** What a file is, as a noun phrase. */
function describe(bytes: Uint8Array): string {
  const proof = proofIn(Buffer.from(bytes).toString('utf8'));
  if (proof !== undefined) return `the proof of record ${visible(proof.id)}`;
  if (startsWith(bytes, DETACHED_FILE_MAGIC)) return 'an OpenTimestamps file of another document, or a damaged one';
  return NOUNS[fileKind(bytes, jsonOf(bytes))];
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
