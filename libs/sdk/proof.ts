import { PROOF_MEDIA_TYPE } from '#proof/format.js';
import { problemIn } from './answer.js';
import { SdkError } from './error.js';
import { parseLine, readLines } from './lines.js';
import { type Problem, readProblem } from './problem.js';
import { retryAfterMs } from './retry.js';
import type { Request, Transport } from './transport.js';

/** Most records that one request for proofs names. */
const REQUEST_RECORDS = 1000;

/** Wait before asking again for a proof that is not made yet, unless the service names another. */
const SEAL_POLL_MS = 500;
/** Wait before asking again whether a record is anchored: the first time, and at most. */
const ANCHOR_POLL_MS = 5000;
const ANCHOR_POLL_MAX_MS = 60_000;

/** How far a record has come. */
export type RecordStage = 'accepted' | 'sealed' | 'anchored' | 'final';

const STAGES: readonly RecordStage[] = ['accepted', 'sealed', 'anchored', 'final'];

/** What asking for a proof gave. */
export type ProofAnswer =
  /** The proof's text: what to keep, and to verify. */
  | { state: 'ready'; text: string; etag: string | undefined }
  /** The record is accepted, its batch not sealed yet. */
  | { state: 'not-ready'; retryAfterMs: number }
  /** The same proof as under the ETag that was sent. */
  | { state: 'unchanged' };

/** One of many proofs: its text, or why there is none. */
export type ProofLine = { id: string; text: string } | { id: string; problem: Problem };

/** Which proof. */
export interface ProofOptions {
  /** As of when it shows what has become of the record: `latest` unless given, `anchored`, `cosigned`, `none`, or an RFC 3339 time. */
  status?: string | undefined;
  /** Of the proof that is there already. */
  etag?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Asks for a record's proof. @throws SdkError; ProblemError `record-not-found` and others */
export async function requestProof(transport: Transport, id: string, options: ProofOptions = {}): Promise<ProofAnswer> {
  const { etag, signal, status } = options;
  const path = `/v1/records/${encodeURIComponent(id)}/proof`;
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  const answer = await transport.send(path, { accept: PROOF_MEDIA_TYPE, query: { status }, headers, signal });
  if (answer.status === 200)
    return { state: 'ready', text: answer.text, etag: answer.headers.get('etag') ?? undefined };
  if (answer.status === 304) return { state: 'unchanged' };
  if (answer.status === 404 && problemIn(answer)?.code === 'proof-not-ready')
    return { state: 'not-ready', retryAfterMs: retryAfterMs(answer.headers, transport.platform.now()) };
  throw transport.refusal(path, answer);
}

/** How long to wait for what. */
export interface WaitOptions {
  /** In milliseconds; half a minute for `sealed`, two days otherwise. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Waits until a record has come so far, and returns its proof's text. @throws SdkError `not-in-time`, and as {@link requestProof} */
export async function waitForProof(
  transport: Transport,
  id: string,
  stage: Exclude<RecordStage, 'accepted'>,
  { signal, timeoutMs = stage === 'sealed' ? 30_000 : 172_800_000 }: WaitOptions,
): Promise<string> {
  const { now, sleep } = transport.platform;
  const endMs = now().getTime() + timeoutMs;
  const rest = async (milliseconds: number) => {
    const leftMs = endMs - now().getTime();
    if (leftMs <= 0) throw new SdkError('not-in-time', `Waiting for record ${id}: expected it ${stage}, it is not yet`);
    await sleep(Math.min(milliseconds, leftMs), signal);
    signal?.throwIfAborted();
  };
  for (let pollMs = ANCHOR_POLL_MS; stage !== 'sealed'; pollMs = Math.min(pollMs * 2, ANCHOR_POLL_MAX_MS)) {
    const path = `/v1/records/${encodeURIComponent(id)}`;
    const said = (await transport.json(path, { signal })) as { stage?: RecordStage } | undefined;
    if (STAGES.indexOf(said?.stage ?? 'accepted') >= STAGES.indexOf(stage)) break;
    await rest(pollMs);
  }
  for (;;) {
    const answer = await requestProof(transport, id, { signal });
    if (answer.state === 'ready') return answer.text;
    await rest(answer.state === 'not-ready' ? answer.retryAfterMs || SEAL_POLL_MS : SEAL_POLL_MS);
  }
}

/** The proofs of these records, in their order. Where the connection breaks, it goes on after the last one that came. @throws SdkError */
export async function* requestProofs(
  transport: Transport,
  ids: AsyncIterable<string> | Iterable<string>,
  signal?: AbortSignal,
): AsyncGenerator<ProofLine> {
  let some: string[] = [];
  const ask = (records: readonly string[]) =>
    proofLines(transport, '/v1/proofs', (done) =>
      done === records.length ? null : { method: 'POST', json: { records: records.slice(done) }, signal },
    );
  for await (const id of ids) {
    if (some.push(id) < REQUEST_RECORDS) continue;
    yield* ask(some);
    some = [];
  }
  if (some.length > 0) yield* ask(some);
}

/** The proofs of the agency's own records in a batch, in the order of the leaves. @throws SdkError */
export async function* batchProofs(
  transport: Transport,
  batch: number,
  signal?: AbortSignal,
): AsyncGenerator<ProofLine> {
  yield* proofLines(transport, `/v1/batches/${batch}/proofs`, () => ({ signal }));
}

/** Proofs, one a line. `request` says how to ask for those that follow the first `done`, null when there are no others; a GET gives all again, of which the
 * first are passed over. */
async function* proofLines(
  transport: Transport,
  path: string,
  request: (done: number) => Request | null,
): AsyncGenerator<ProofLine> {
  const persistence = transport.persistence();
  for (let done = 0; ;) {
    const asked = request(done);
    if (asked === null) return;
    const { method = 'GET', signal } = asked;
    const where = `${method} ${transport.url}${path}`;
    const body = await transport.stream(path, { ...asked, accept: 'application/x-ndjson', repeatable: true });
    let passOver = method === 'GET' ? done : 0;
    let error: unknown;
    const lines = readLines(body, where);
    try {
      for (;;) {
        // Only reading can fail so that it is begun again; what the caller throws goes its own way.
        const line = await lines.next().catch((thrown: unknown) => void (error = thrown));
        if (line === undefined) break;
        if (line.done === true) return;
        if (passOver-- > 0) continue;
        done++;
        persistence.progress();
        yield readProofLine(line.value, where);
      }
    } finally {
      await lines.return(undefined);
    }
    await persistence.failed(error, signal);
  }
}

function readProofLine(text: string, where: string): ProofLine {
  const { id, problem } = parseLine(text, where);
  if (typeof id !== 'string') throw new SdkError('bad-answer', `${where}: expected a proof with an id, got none`);
  const read = problem === undefined ? undefined : readProblem(problem);
  return read === undefined ? { id, text } : { id, problem: read };
}
