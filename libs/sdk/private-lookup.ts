import { bytesToHex } from '@noble/hashes/utils.js';
import { SdkError } from './error.js';
import type { Transport } from './transport.js';

/** Most pages of candidates that are read: somebody may have filled the place where a digest stands, who is answered for with an outage. */
const MAX_CANDIDATE_PAGES = 8;

/** Most pages of proofs that are read, of 64 records each: nobody chooses among more. */
const MAX_PROOF_PAGES = 8;

/** The longest prefixes that are sent, in bits, whatever a service asks for: they are for 10^13 digests. */
const MAX_PREFIX_BITS = 32;
const MAX_PROOF_PREFIX_BITS = 38;

/** Bytes of the beginning of a digest by which candidates are told apart. */
const START_BYTES = 8;

/** Bytes of a page before the candidates, and of each of them. */
const CANDIDATES_AT = 5;
const CANDIDATE_BYTES = START_BYTES + 16;

/** Most records whose lines are looked for by their ids, before a line is read. */
const MAX_MENTIONED = 16;

/** How many bits of a digest are sent: for candidates, and for the proofs of those that begin alike. */
export interface PrefixLengths {
  bits: number;
  proofBits: number;
}

/** Records whose digests begin alike, and the place after which there are more. */
export interface CandidatePage {
  /** Ids of records, by the first 8 bytes of their digests, hex. */
  ids: ReadonlyMap<string, string[]>;
  next?: string | undefined;
}

/** What is known of records whose digests begin alike, a JSON text each, and the place after which there are more. */
export interface ProofPage {
  lines: string[];
  next?: string | undefined;
}

/** What a service answers to who looks for a digest without saying which. `prefix`: binary digits. */
export interface Lookups {
  prefixLengths(signal?: AbortSignal): Promise<PrefixLengths>;
  candidates(prefix: string, after: string | undefined, signal?: AbortSignal): Promise<CandidatePage>;
  proofs(prefix: string, after: string | undefined, signal?: AbortSignal): Promise<ProofPage>;
}

/** Where lookups are asked for, below the address of a service. */
export const LOOKUP_PATHS = {
  lengths: 'v1/candidates',
  candidates: 'v1/candidates/page',
  proofs: 'v1/candidates/proofs',
} as const;

/** A record that carries a digest. */
export interface FoundPrivately {
  id: string;
  agency: string;
  profile: string;
  receivedAt: string;
  /** The digest that it was found by. */
  digestHex: string;
}

/** The records of a digest, and whether there are more than those. */
export interface FoundRecords {
  records: FoundPrivately[];
  hasMore: boolean;
}

/** What there is of a proof. */
export type PrivateProof = { state: 'ready'; text: string } | { state: 'not-ready' } | { state: 'no-such-record' };

/**
 * Records that carry this digest, oldest first; none when there is none. The service is sent the first bits of the digest, answers with everything that
 * begins like it, and what was looked for is found here. Throws SdkError `bad-answer`, and what the lookups throw.
 */
export async function findPrivately(
  service: Lookups,
  algorithm: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<FoundRecords> {
  const candidates = await findCandidates(service, digestHex, signal);
  if (candidates.ids.size === 0) return { records: [], hasMore: false };
  const records: FoundPrivately[] = [];
  const untold = new Set(candidates.ids);
  const told = await eachLine(service, digestHex, candidates.ids, signal, (line) => {
    untold.delete(line.id);
    const record = recordOf(line, algorithm, digestHex);
    if (record !== undefined) records.push(record);
  });
  // That there is no such record would be more than is known; so would be that there are more, where none of this digest was seen.
  if (untold.size > 0 && (!told.hasMore || records.length === 0))
    throw new SdkError(
      'bad-answer',
      `reading proofs: expected a line for each candidate, got none for ${untold.size} of ${candidates.ids.size}`,
    );
  records.sort((one, other) => (one.id < other.id ? -1 : 1));
  return { records, hasMore: untold.size > 0 || candidates.hasMore };
}

/** The proof of a record that carries this digest, fetched with those of others whose digests begin alike. Throws SdkError `bad-answer`, and what the lookups throw. */
export async function proofPrivately(
  service: Lookups,
  id: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<PrivateProof> {
  let answer: PrivateProof = { state: 'no-such-record' };
  const { hasMore } = await eachLine(service, digestHex, new Set([id]), signal, ({ text, value }) => {
    answer = 'format' in value ? { state: 'ready', text } : { state: 'not-ready' };
  });
  if (hasMore && answer.state === 'no-such-record')
    throw new SdkError('bad-answer', `looking for record ${id}: expected at most ${MAX_PROOF_PAGES} pages, got more`);
  return answer;
}

/** The ids of the records whose digests begin with the same 8 bytes as this one. */
async function findCandidates(
  service: Lookups,
  digestHex: string,
  signal: AbortSignal | undefined,
): Promise<{ ids: Set<string>; hasMore: boolean }> {
  const prefix = prefixOf(digestHex, (await service.prefixLengths(signal)).bits);
  const wanted = digestHex.slice(0, 2 * START_BYTES);
  const ids = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < MAX_CANDIDATE_PAGES; page++) {
    const { ids: found, next } = await service.candidates(prefix, after, signal);
    for (const id of found.get(wanted) ?? []) ids.add(id);
    // To the end, wherever it was found: how far somebody reads must not tell what for.
    if (next === undefined) return { ids, hasMore: false };
    after = next;
  }
  if (ids.size > 0) return { ids, hasMore: true };
  throw new SdkError('bad-answer', `looking for a digest: expected at most ${MAX_CANDIDATE_PAGES} pages, got more`);
}

interface Line {
  id: string;
  value: Record<string, unknown>;
  text: string;
}

/** Shows `take` what is known of these records, whose digests begin like this one. All pages are read, for the same reason; a line only if it is wanted. */
async function eachLine(
  service: Lookups,
  digestHex: string,
  ids: ReadonlySet<string>,
  signal: AbortSignal | undefined,
  take: (line: Line) => void,
): Promise<{ hasMore: boolean }> {
  const prefix = prefixOf(digestHex, (await service.prefixLengths(signal)).proofBits);
  const mentioned = ids.size > MAX_MENTIONED ? [''] : [...ids];
  let after: string | undefined;
  for (let page = 0; page < MAX_PROOF_PAGES; page++) {
    const { lines, next } = await service.proofs(prefix, after, signal);
    for (const text of lines) {
      if (!mentioned.some((id) => text.includes(id))) continue;
      const line = readLine(text);
      if (ids.has(line.id)) take(line);
    }
    if (next === undefined) return { hasMore: false };
    after = next;
  }
  return { hasMore: true };
}

function readLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SdkError('bad-answer', 'reading proofs: expected JSON on each line, got other text', { cause });
  }
  if (!isObject(value)) throw new SdkError('bad-answer', 'reading proofs: expected an object on each line');
  return { id: String(value['id']), value, text };
}

/** The record of a line, if it has the digest. One that waits for its proof is taken to have it: its digests are not shown yet. */
function recordOf({ value }: Line, algorithm: string, digestHex: string): FoundPrivately | undefined {
  const isProof = 'format' in value;
  const facts = isProof ? value['statement'] : value;
  if (!isObject(facts)) throw new SdkError('bad-answer', 'reading a proof: expected a statement, got none');
  const { digests } = facts;
  if (isProof && (!isObject(digests) || digests[algorithm] !== digestHex)) return undefined;
  const text = (from: Record<string, unknown>, name: string): string => {
    const member = from[name];
    if (typeof member !== 'string') throw new SdkError('bad-answer', `reading a record: expected text in ${name}`);
    return member;
  };
  return {
    id: text(value, 'id'),
    agency: text(facts, 'agency'),
    profile: text(facts, 'profile'),
    receivedAt: text(facts, 'receivedAt'),
    digestHex,
  };
}

/** The first bits of a digest as binary digits. */
function prefixOf(digestHex: string, bits: number): string {
  return BigInt(`0x${digestHex.slice(0, 2 * START_BYTES)}`)
    .toString(2)
    .padStart(8 * START_BYTES, '0')
    .slice(0, bits);
}

/** How much of a digest is to be sent, as a service says. @throws SdkError `bad-answer`, also when it would be too much */
export function readPrefixLengths(value: unknown): PrefixLengths {
  const { bits, proofBits } = isObject(value) ? value : {};
  if (isLength(bits, MAX_PREFIX_BITS) && isLength(proofBits, MAX_PROOF_PREFIX_BITS)) return { bits, proofBits };
  const expected = `lengths of at most ${MAX_PREFIX_BITS} and ${MAX_PROOF_PREFIX_BITS} bits`;
  throw new SdkError('bad-answer', `looking for a digest: expected ${expected}, got something else`);
}

/** Reads a page of candidates. @throws SdkError `bad-answer` */
export function readCandidatePage(bytes: Uint8Array): CandidatePage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length < CANDIDATES_AT ? -1 : view.getUint32(0);
  const at = (index: number) => CANDIDATES_AT + index * CANDIDATE_BYTES;
  if (count < 0 || at(count) > bytes.length)
    throw new SdkError('bad-answer', 'looking for a digest: expected a page of candidates, got something else');
  const ids = new Map<string, string[]>();
  const all = bytesToHex(bytes.subarray(CANDIDATES_AT, at(count)));
  const place = (index: number) => all.slice(index * 2 * CANDIDATE_BYTES, (index + 1) * 2 * CANDIDATE_BYTES);
  for (let index = 0; index < count; index++) {
    const start = place(index).slice(0, 2 * START_BYTES);
    const id = place(index)
      .slice(2 * START_BYTES)
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const others = ids.get(start);
    if (others === undefined) ids.set(start, [id]);
    else others.push(id);
  }
  return { ids, next: bytes[CANDIDATES_AT - 1] === 1 ? place(count - 1) : undefined };
}

/** Reads a page of proofs. `link`: the header of that name. */
export function readProofPage(text: string, link: string | null): ProofPage {
  const [, next] = /[?&]after=([0-9a-f]{48})>/.exec(link ?? '') ?? [];
  return { lines: text.split('\n').filter((line) => line !== ''), next };
}

/** The lookups of a service. They throw as its transport does. */
export function lookupsOf(transport: Transport): Lookups {
  const ask = async (path: string, signal: AbortSignal | undefined, query: Record<string, string | undefined> = {}) => {
    const answer = await transport.send(`/${path}`, { accept: '*/*', anonymous: true, query, signal });
    if (answer.status !== 200) throw transport.refusal(`/${path}`, answer);
    return answer;
  };
  return {
    async prefixLengths(signal) {
      const answer = await ask(LOOKUP_PATHS.lengths, signal);
      return readPrefixLengths(transport.value(`/${LOOKUP_PATHS.lengths}`, answer));
    },
    candidates: async (prefix, after, signal) =>
      readCandidatePage((await ask(LOOKUP_PATHS.candidates, signal, { prefix, after })).bytes),
    async proofs(prefix, after, signal) {
      const { headers, text } = await ask(LOOKUP_PATHS.proofs, signal, { prefix, after });
      return readProofPage(text, headers.get('link'));
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLength(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}
