import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Agency } from '#database/agency.repository.js';
import { type ImportRepository, type ImportState, LEASE_MS } from '#database/import.repository.js';
import type { ImportIntake } from '#intake/import-intake.js';
import type { ImportLine, PreparedGroup } from '#intake/import-line.js';
import type { JsonReader } from '../limits/json-value.js';
import { Problem, problemDetails } from '../problems/problem.js';
import { lineGroups, MAX_LINE_BYTES, type RawLine } from './line-groups.js';

/** Most bytes of the lines of one group, and how long lines that are there wait for others. */
const GROUP_MAX_BYTES = 1024 * 1024;
const LINGER_MS = 20;

/** Longest time that a line waits for what it supersedes to be in the log, which takes about a second, and the pause between two looks. */
const SEAL_WAIT_MS = 30_000;
const SEAL_LOOK_MS = 100;

/** How often a writer shows that it is there, while something moves. */
const RENEW_EVERY_MS = LEASE_MS / 3;

/** What a writer needs of the service. */
export interface WriterTools {
  imports: ImportRepository;
  intake: ImportIntake;
  readJson: JsonReader;
  /** Waits for the agency's turn. */
  pause: (workedMs: number) => Promise<void>;
  /** Waits for room in the agency's quota for some of so many records, and resolves to how many; `onWait` says whether somebody still waits. @throws Problem */
  awaitRoom: (records: number, onWait: () => boolean) => Promise<number>;
  /** Told of whatever moves. */
  onProgress: () => void;
  onTaken: (accepted: number, failed: number) => void;
  /** Whether the service is being stopped. */
  isStopping: () => boolean;
  /** What an error is told as. */
  toProblem: (error: unknown) => Problem;
}

/** Why a writer takes no more lines: told in the last line of the answer. */
class Stop extends Error {
  constructor(
    readonly line: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** Takes the lines of one request: answers those again that were taken before, takes the others in groups, and answers each group after its commit. While one
 * is committed, the next is read and checked: two are held at most. */
export class ImportWriter {
  #linesHash: Uint8Array;
  #committed: number;
  #moved = false;

  constructor(
    private readonly tools: WriterTools,
    private readonly agency: Agency,
    private readonly id: string,
    private readonly writer: string,
    state: ImportState,
    private readonly answers: Writable,
  ) {
    this.#linesHash = state.linesHash;
    this.#committed = state.committed;
    // Who has gone learns nothing more; what he sent is taken all the same.
    answers.on('error', () => undefined);
  }

  /** Takes the lines of `body`, the first of which has number `offset`. Resolves when the import is free for others; then the answer's end may be written.
   * @returns whether the body was read to its end */
  async run(body: Readable, offset: number): Promise<boolean> {
    const renewal = setInterval(() => void this.#renew(), RENEW_EVERY_MS);
    try {
      await this.#take(body, offset);
      return true;
    } catch (error) {
      const line = error instanceof Stop ? error.line : this.#committed;
      const { details } = error instanceof Stop ? error.problem : this.tools.toProblem(error);
      await this.#write(`${JSON.stringify({ outcome: 'stopped', line, problem: details })}\n`);
      return false;
    } finally {
      clearInterval(renewal);
      // Its time runs out where this fails.
      await this.tools.imports.release(this.id, this.writer).catch(() => undefined);
    }
  }

  async #take(body: Readable, offset: number): Promise<void> {
    const { intake, pause } = this.tools;
    const limits = { maxLines: intake.groupLines, maxBytes: GROUP_MAX_BYTES, lingerMs: LINGER_MS };
    let next = offset;
    let commit = Promise.resolve();
    try {
      for await (const group of lineGroups(body, limits)) {
        this.#move();
        const known = Math.min(group.length, Math.max(0, this.#committed - next));
        if (known > 0) await this.#answerAgain(next, group.slice(0, known));
        next += known;
        for (let from = known; from < group.length;) {
          const room = await this.#awaitRoom(group.length - from);
          const lines = group.slice(from, from + room);
          const prepared = await intake.prepare(this.agency, this.#read(lines), pause);
          await commit;
          commit = this.#commit(next, prepared);
          // It is awaited at the next group; until then nobody listens.
          commit.catch(() => undefined);
          next += lines.length;
          from += lines.length;
        }
        if (this.tools.isStopping()) break;
      }
    } finally {
      await commit;
    }
    if (this.tools.isStopping()) {
      const problem = new Problem(
        'unavailable',
        'The service is being stopped. Go on from the line after the last one that was answered.',
      );
      throw new Stop(next, problem);
    }
  }

  /** What is not taken is not read: who sends more than his quota waits, as he does for a slow commit. */
  #awaitRoom(records: number): Promise<number> {
    return this.tools.awaitRoom(records, () => {
      this.#move();
      return !this.answers.destroyed && !this.tools.isStopping();
    });
  }

  *#read(lines: readonly RawLine[]): Generator<ImportLine> {
    for (const { bytes, hash } of lines) {
      if (bytes === null) {
        yield {
          hash,
          problem: problemDetails('body-too-large', `Expected a line of at most ${MAX_LINE_BYTES} bytes.`),
        };
        continue;
      }
      const read = this.tools.readJson(bytes);
      if ('value' in read) yield { hash, item: read.value };
      else yield { hash, problem: this.tools.toProblem(read.problem).details };
    }
  }

  async #answerAgain(first: number, lines: readonly RawLine[]): Promise<void> {
    const { answers, other } = await this.tools.intake.answerAgain(this.id, first, lines);
    await this.#write(answers);
    if (other === null) return;
    throw new Stop(other, new Problem('line-differs', `Line ${other} was taken before and was another one then.`));
  }

  async #commit(start: number, { lines, receivedAtMs }: PreparedGroup): Promise<void> {
    let waitsUntilMs = performance.now() + SEAL_WAIT_MS;
    for (let at = 0; at < lines.length;) {
      const first = start + at;
      const rest = { lines: lines.slice(at), receivedAtMs };
      const place = { id: this.id, writer: this.writer, first };
      const taken = await this.tools.intake.commit(this.agency, place, this.#linesHash, rest);
      if (taken === null)
        throw new Stop(
          first,
          new Problem('import-busy', 'Another request writes this import: nothing came from this one for too long.'),
        );
      if (taken.count === 0) {
        await this.#awaitSealing(first, waitsUntilMs);
        continue;
      }
      waitsUntilMs = performance.now() + SEAL_WAIT_MS;
      at += taken.count;
      this.#committed = first + taken.count;
      this.#linesHash = taken.linesHash;
      this.tools.onTaken(taken.accepted, taken.failed);
      this.#move();
      await this.#write(taken.answers);
    }
  }

  /** A moment, in which what line `first` supersedes may come into the log. */
  async #awaitSealing(first: number, untilMs: number): Promise<void> {
    this.#move();
    if (performance.now() < untilMs && !this.answers.destroyed && !this.tools.isStopping())
      return new Promise((resolve) => setTimeout(resolve, SEAL_LOOK_MS));
    const detail = 'What this line supersedes, or the last change of it, is not in the log yet.';
    throw new Stop(first, new Problem('not-sealed', detail, { retryAfterSeconds: 1 }));
  }

  /** Waits until the client has room for more: what it does not read it is not sent, and what is not sent is not read from it. */
  async #write(text: string): Promise<void> {
    if (text === '' || this.answers.destroyed || this.answers.write(text)) return;
    const gone = new AbortController();
    const { signal } = gone;
    // Either ends the wait; an error of the stream is followed by its close.
    await Promise.race(['drain', 'close'].map((event) => once(this.answers, event, { signal }).catch(() => undefined)));
    gone.abort();
    this.#move();
  }

  #move(): void {
    this.#moved = true;
    this.tools.onProgress();
  }

  async #renew(): Promise<void> {
    if (!this.#moved) return;
    this.#moved = false;
    // A failure shows at the next commit.
    await this.tools.imports.renew(this.id, this.writer).catch(() => false);
  }
}
