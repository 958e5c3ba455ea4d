import { createHash, hash, type Hash } from 'node:crypto';
import { within } from '#config/within.js';

/** Longest line that is read, in bytes; a record takes a few hundred. */
export const MAX_LINE_BYTES = 16 * 1024;

const NEWLINE = 0x0a;

/** A line of a body. */
export interface RawLine {
  /** Without its newline; null for a line of more than {@link MAX_LINE_BYTES}. */
  bytes: Buffer | null;
  /** SHA-256 of the whole line, 32 bytes, as a Latin-1 string. */
  hash: string;
}

/** How lines are put together to groups. */
export interface GroupLimits {
  maxLines: number;
  maxBytes: number;
  /** Lines that are there wait so long for others, in milliseconds. */
  lingerMs: number;
}

/** Cuts bytes into lines, however they arrive: holds no more than one line. */
class LineCutter {
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Of a line that is too long to be kept. */
  #hash: Hash | null = null;

  *cut(chunk: Buffer): Generator<RawLine> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      yield this.#end(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  /** What came after the last newline. */
  rest(): RawLine[] {
    return this.#bytes === 0 ? [] : [this.#end(Buffer.alloc(0))];
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#hash === null && this.#bytes <= MAX_LINE_BYTES) return void this.#parts.push(part);
    this.#hash ??= createHash('sha256');
    for (const kept of this.#parts.splice(0)) this.#hash.update(kept);
    this.#hash.update(part);
  }

  #end(last: Buffer): RawLine {
    let line: RawLine;
    if (this.#bytes === 0 && last.length <= MAX_LINE_BYTES)
      line = { bytes: last, hash: hash('sha256', last, 'binary') };
    else {
      this.#keep(last);
      const bytes = this.#hash === null ? Buffer.concat(this.#parts) : null;
      line = { bytes, hash: bytes === null ? this.#hash!.digest('binary') : hash('sha256', bytes, 'binary') };
    }
    this.#parts = [];
    this.#bytes = 0;
    this.#hash = null;
    return line;
  }
}

/**
 * The lines of `body` in groups, as they arrive. What follows the last newline counts as a line when the body ends, and not when it breaks off: then the lines
 * that had arrived whole are the last group, and nothing is thrown.
 */
export async function* lineGroups(
  body: AsyncIterable<Buffer>,
  { lingerMs, maxBytes, maxLines }: GroupLimits,
): AsyncGenerator<RawLine[]> {
  const cutter = new LineCutter();
  const chunks = body[Symbol.asyncIterator]();
  const read = () => chunks.next().catch((): 'broken' => 'broken');
  let group: RawLine[] = [];
  let bytes = 0;
  const take = () => {
    const taken = group;
    group = [];
    bytes = 0;
    return taken;
  };
  for (let next = read(); ;) {
    const chunk = group.length === 0 ? await next : await within(next, lingerMs, () => 'late' as const);
    if (chunk === 'late') {
      yield take();
      continue;
    }
    if (chunk === 'broken' || chunk.done === true) {
      if (chunk !== 'broken') group.push(...cutter.rest());
      if (group.length > 0) yield take();
      return;
    }
    for (const line of cutter.cut(chunk.value)) {
      group.push(line);
      bytes += line.bytes?.length ?? 0;
      if (group.length >= maxLines || bytes >= maxBytes) yield take();
    }
    next = read();
  }
}
