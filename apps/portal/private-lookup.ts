import { isObject } from '#source/json-rpc.js';
import { type ServiceClient, ServiceError, START_BYTES } from './service-client.js';

/** Most pages of candidates that are read: somebody may have filled the place where a digest stands, who is answered for with an outage. */
const MAX_CANDIDATE_PAGES = 8;

/** Most pages of proofs that are read, of 64 records each: nobody chooses among more. */
const MAX_PROOF_PAGES = 8;

/** A record that carries a digest. */
export interface FoundRecord {
  id: string;
  agency: string;
  profile: string;
  receivedAt: string;
  /** The digest that it was found by. */
  digestHex: string;
}

/** The records of a digest, and whether there are more than those. */
export interface FoundRecords {
  records: FoundRecord[];
  hasMore: boolean;
}

/** What there is of a proof. */
export type ProofAnswer = { state: 'ready'; text: string } | { state: 'not-ready' } | { state: 'no-such-record' };

/**
 * Records that carry this digest, oldest first; none when there is none. The service is sent the first bits of the digest, answers with everything that
 * begins like it, and what was looked for is found here. Throws {@link ServiceError}.
 */
export async function findPrivately(
  service: ServiceClient,
  algorithm: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<FoundRecords> {
  const candidates = await findCandidates(service, digestHex, signal);
  if (candidates.ids.size === 0) return { records: [], hasMore: false };
  const records: FoundRecord[] = [];
  const { hasMore } = await eachLine(service, digestHex, signal, (line) => {
    const record = candidates.ids.has(String(line.id)) ? recordOf(line, algorithm, digestHex) : undefined;
    if (record !== undefined) records.push(record);
  });
  records.sort((one, other) => (one.id < other.id ? -1 : 1));
  return { records, hasMore: hasMore || candidates.hasMore };
}

/** The proof of a record that carries this digest, fetched with those of others whose digests begin alike. Throws {@link ServiceError}. */
export async function proofPrivately(
  service: ServiceClient,
  id: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<ProofAnswer> {
  let answer: ProofAnswer = { state: 'no-such-record' };
  await eachLine(service, digestHex, signal, ({ id: lineId, text, value }) => {
    if (lineId === id) answer = 'format' in value ? { state: 'ready', text } : { state: 'not-ready' };
  });
  return answer;
}

/** The ids of the records whose digests begin with the same 8 bytes as this one. */
async function findCandidates(
  service: ServiceClient,
  digestHex: string,
  signal: AbortSignal | undefined,
): Promise<{ ids: Set<string>; hasMore: boolean }> {
  const prefix = prefixOf(digestHex, (await service.prefixLengths(signal)).bits);
  const wanted = digestHex.slice(0, 2 * START_BYTES);
  const ids = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < MAX_CANDIDATE_PAGES; page++) {
    const { candidates, next } = await service.candidates(prefix, after, signal);
    for (const { id, start } of candidates) if (start === wanted) ids.add(id);
    // To the end, wherever it was found: how far somebody reads must not tell what for.
    if (next === undefined) return { ids, hasMore: false };
    after = next;
  }
  if (ids.size > 0) return { ids, hasMore: true };
  throw new ServiceError('bad-answer', `looking for a digest: expected at most ${MAX_CANDIDATE_PAGES} pages, got more`);
}

interface Line {
  id: unknown;
  value: Record<string, unknown>;
  text: string;
}

/** Shows `take` what is known of each record whose digest begins like this one: of all of them, for the same reason. */
async function eachLine(
  service: ServiceClient,
  digestHex: string,
  signal: AbortSignal | undefined,
  take: (line: Line) => void,
): Promise<{ hasMore: boolean }> {
  const prefix = prefixOf(digestHex, (await service.prefixLengths(signal)).proofBits);
  let after: string | undefined;
  for (let page = 0; page < MAX_PROOF_PAGES; page++) {
    const { lines, next } = await service.proofs(prefix, after, signal);
    for (const text of lines) take(readLine(text));
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
    throw new ServiceError('bad-answer', 'reading proofs: expected JSON on each line, got other text', { cause });
  }
  if (!isObject(value)) throw new ServiceError('bad-answer', 'reading proofs: expected an object on each line');
  return { id: value['id'], value, text };
}

/** The record of a line, if it has the digest. One that waits for its proof is taken to have it: its digests are not shown yet. */
function recordOf({ value }: Line, algorithm: string, digestHex: string): FoundRecord | undefined {
  const isProof = 'format' in value;
  const facts = isProof ? value['statement'] : value;
  if (!isObject(facts)) throw new ServiceError('bad-answer', 'reading a proof: expected a statement, got none');
  const { digests } = facts;
  if (isProof && (!isObject(digests) || digests[algorithm] !== digestHex)) return undefined;
  const text = (from: Record<string, unknown>, name: string): string => {
    const member = from[name];
    if (typeof member !== 'string') throw new ServiceError('bad-answer', `reading a record: expected text in ${name}`);
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
