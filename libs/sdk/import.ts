import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { VerifierKey } from '#tlog/verifier-key.js';
import { ProblemError, SdkError } from './error.js';
import { parseLine, readLines } from './lines.js';
import { describeProblem, readProblem } from './problem.js';
import { checkReceipt, type CheckedReceipt } from './promise.js';
import { coveredLeaves, type RecordRequest, wrong } from './record.js';
import { coveredRecords, type ItemOutcome, readOutcome } from './submission.js';
import type { Transport } from './transport.js';

/** Lines and characters of one request: as much as is sent again where the connection breaks, and the most that is held. */
const REQUEST_LINES = 4000;
const REQUEST_CHARACTERS = 2 * 1024 * 1024;

/** How to import. */
export interface ImportOptions {
  /** An import that was opened before, to go on with; a new one is opened unless given. */
  id?: string | undefined;
  /** Number of the first record in the import: as many as were in the parts that are kept. 0 unless given. */
  offset?: number | undefined;
  /** `linesHash` of the last group before `offset`; without it, that of the first group is not checked. */
  linesHash?: string | undefined;
  /** Told the id before the first line is sent, so that it can be kept. */
  onOpen?: ((id: string) => void | Promise<void>) | undefined;
  /** Most records of a part; 4,000 unless given. */
  partSize?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What was taken together, whole: whoever keeps each part as it comes can go on after the last one. */
export interface ImportPart {
  /** Id of the import. */
  id: string;
  /** Number of its first record. */
  first: number;
  /** What became of each record, in order. */
  items: ItemOutcome[];
  /** Groups with their receipts, over all records of the part. */
  groups: ImportGroup[];
}

/** Records that were committed together. */
export interface ImportGroup {
  /** Number of its first record in the import. */
  first: number;
  count: number;
  /** Those of them that were refused. */
  failed: number;
  /** Rolling hash of all lines up to its last one, 32 bytes in hex. */
  linesHash: string;
  /** Over its accepted records, in order; undefined where there is none. */
  promise: CheckedReceipt | undefined;
}

/** How far an import has come. */
export interface ImportState {
  id: string;
  /** Records that were taken. */
  committed: number;
  /** Those of them that were refused. */
  failed: number;
  linesHash: string | undefined;
}

/** What an import needs of its client's keys. */
interface ImportKeys {
  logKey: () => Promise<VerifierKey>;
  /** Records with the agency's signature, where it signs: a part is a group. */
  sign: (records: readonly RecordRequest[]) => Promise<readonly RecordRequest[]>;
}

interface Line {
  record: RecordRequest;
  text: string;
}

/** One import under way. */
export class Import {
  #linesHash: string | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly keys: ImportKeys,
    readonly id: string,
    { offset = 0, linesHash, partSize = REQUEST_LINES, signal }: ImportOptions,
  ) {
    this.#linesHash = offset === 0 ? '' : linesHash;
    this.offset = offset;
    this.partSize = partSize;
    this.signal = signal;
  }

  private offset: number;
  private readonly partSize: number;
  private readonly signal: AbortSignal | undefined;

  /** Sends the records part by part; while one is with the service, the next is gathered. @throws what {@link Sealroot.import} throws */
  async *run(records: AsyncIterable<RecordRequest> | Iterable<RecordRequest>): AsyncGenerator<ImportPart> {
    const parts = this.#parts(records);
    const next = () => {
      const part = parts.next();
      // Listened to when the part before is done; a failure until then must not count as unheard.
      part.catch(() => undefined);
      return part;
    };
    try {
      for (let coming = next(); ;) {
        const part = await coming;
        if (part.done === true) return;
        coming = next();
        yield await this.#take(part.value);
      }
    } finally {
      await parts.return(undefined);
    }
  }

  async *#parts(records: AsyncIterable<RecordRequest> | Iterable<RecordRequest>): AsyncGenerator<Line[]> {
    let part: Line[] = [];
    let characters = 0;
    for await (const record of records) {
      const text = JSON.stringify(record);
      if (part.length > 0 && characters + text.length > REQUEST_CHARACTERS) {
        yield await this.#signed(part);
        [part, characters] = [[], 0];
      }
      part.push({ record, text });
      characters += text.length + 1;
      if (part.length >= this.partSize) {
        yield await this.#signed(part);
        [part, characters] = [[], 0];
      }
    }
    if (part.length > 0) yield await this.#signed(part);
  }

  async #signed(part: Line[]): Promise<Line[]> {
    const signed = await this.keys.sign(part.map(({ record }) => record));
    return part.map((line, i) => {
      const record = signed[i]!;
      return record === line.record ? line : { record, text: JSON.stringify(record) };
    });
  }

  async #take(lines: readonly Line[]): Promise<ImportPart> {
    const first = this.offset;
    const items: ItemOutcome[] = [];
    const persistence = this.transport.persistence();
    while (items.length < lines.length) {
      const before = items.length;
      try {
        await this.#send(first + before, lines.slice(before), items);
      } catch (error) {
        if (items.length === lines.length) break;
        if (items.length > before) persistence.progress();
        await persistence.failed(error, this.signal);
      }
    }
    const groups = await this.#groups(first, lines, items);
    this.offset += lines.length;
    return { id: this.id, first, items, groups };
  }

  /** Sends lines once, and adds to `items` what is answered. Where the connection breaks, what was taken and not answered is answered the next time. */
  async #send(offset: number, lines: readonly Line[], items: ItemOutcome[]): Promise<void> {
    const path = `/v1/imports/${this.id}/lines`;
    const where = `POST ${this.transport.url}${path}`;
    const body = await this.transport.stream(path, {
      method: 'POST',
      query: { offset },
      lines: lines.map(({ text }) => `${text}\n`).join(''),
      accept: 'application/x-ndjson',
      repeatable: true,
      signal: this.signal,
    });
    let answered = 0;
    for await (const text of readLines(body, where)) {
      const answer = parseLine(text, where);
      if (answer['outcome'] === 'stopped') throw stopped(answer, where);
      const asked = lines[answered];
      if (asked === undefined || answer['line'] !== offset + answered)
        throw wrong(`expected an answer to line ${offset + answered}, got one to ${String(answer['line'])}`);
      items.push(readOutcome(answer, asked.record));
      answered++;
    }
    if (answered < lines.length)
      throw new SdkError('no-answer', `${where}: expected ${lines.length} answers, got ${answered}`);
  }

  /** The groups of a part that was taken, checked. */
  async #groups(first: number, lines: readonly Line[], items: readonly ItemOutcome[]): Promise<ImportGroup[]> {
    const groups: ImportGroup[] = [];
    const logKey = await this.keys.logKey();
    const end = first + items.length;
    let at = first;
    for await (const group of readGroups(this.transport, this.id, first, this.signal)) {
      // Of an import that is gone on with in the middle of a group, the beginning has been kept or not; the rest has no receipt of its own.
      if (at === first && group.first > first && this.#linesHash === undefined) at = group.first;
      if (group.first !== at || group.first + group.count > end)
        throw wrong(`expected a group from record ${at} to at most ${end}, got one from ${group.first}`);
      const [from, to] = [at - first, at - first + group.count];
      const records = coveredRecords(items.slice(from, to));
      if (group.failed !== group.count - records.length)
        throw wrong(`expected ${group.count - records.length} refused records in a group, got ${group.failed}`);
      if (this.#linesHash !== undefined && group.linesHash !== rolled(this.#linesHash, lines.slice(from, to)))
        throw wrong('expected the hash of the lines that were sent, got another one');
      const promise = records.length === 0 ? undefined : checkReceipt(group.receipt, coveredLeaves(records), logKey);
      const { count, failed, linesHash } = group;
      groups.push({ first: at, count, failed, linesHash, promise });
      this.#linesHash = linesHash;
      at += count;
      if (at === end) break;
    }
    if (at !== end) throw wrong(`expected groups up to record ${end}, got some up to ${at}`);
    return groups;
  }
}

/** Rolling hash over lines, hex: of the hash before and of each line's. */
function rolled(before: string, lines: readonly Line[]): string {
  const hash = sha256.create().update(hexToBytes(before));
  for (const { text } of lines) hash.update(sha256(utf8ToBytes(text)));
  return bytesToHex(hash.digest());
}

function stopped(answer: Readonly<Record<string, unknown>>, where: string): SdkError {
  const problem = readProblem(answer['problem']);
  if (problem === undefined) return wrong('expected a problem with the last line of an answer, got none');
  const message = `${where}: stopped at line ${String(answer['line'])}: ${describeProblem(problem)}`;
  // An answer that has begun has no header left to say it.
  const seconds = problem.members['retryAfterSeconds'];
  return new ProblemError(message, problem, typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0);
}

interface SaidGroup {
  first: number;
  count: number;
  failed: number;
  linesHash: string;
  receipt?: unknown;
}

async function* readGroups(transport: Transport, id: string, from: number, signal: AbortSignal | undefined) {
  for (let after: unknown = from; typeof after === 'number';) {
    const answer = await transport.json(`/v1/imports/${id}`, { query: { after }, signal });
    const { groups, next } = (answer ?? {}) as { groups?: SaidGroup[]; next?: unknown };
    if (!Array.isArray(groups)) throw wrong('expected the groups of the import, got something else');
    yield* groups;
    after = next;
  }
}

/** Opens an import; its id. @throws SdkError */
export async function openImport(transport: Transport, idempotencyKey: string, signal?: AbortSignal): Promise<string> {
  return readState(await transport.json('/v1/imports', { method: 'POST', idempotencyKey, signal })).id;
}

/** How far an import has come. @throws SdkError */
export async function importState(transport: Transport, id: string): Promise<ImportState> {
  return readState(await transport.json(`/v1/imports/${encodeURIComponent(id)}`, { query: { limit: 1 } }));
}

function readState(value: unknown): ImportState {
  const { committed, failed, id, linesHash } = (value ?? {}) as Partial<ImportState>;
  if (typeof id !== 'string' || typeof committed !== 'number' || typeof failed !== 'number')
    throw wrong('expected the state of an import, got something else');
  return { id, committed, failed, linesHash };
}
