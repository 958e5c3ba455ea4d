/** Bytes that are read piece by piece, so that a file of any size needs little memory: a browser's File, an open file, or bytes in memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`; 0 ≤ start ≤ end ≤ size. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) };
}

/** The bytes of a source from `start` up to, not including, `end`. */
export function sliceOf(source: ByteSource, start: number, end: number): ByteSource {
  return { size: end - start, read: (from, to) => source.read(start + from, start + to) };
}

/** Sources one after the other, as one. */
export function inSequence(...sources: readonly ByteSource[]): ByteSource {
  return {
    size: sources.reduce((sum, { size }) => sum + size, 0),
    async read(start, end) {
      const parts: Uint8Array[] = [];
      let at = 0;
      for (const source of sources) {
        const [from, to] = [Math.max(start - at, 0), Math.min(end - at, source.size)];
        if (from < to) parts.push(await source.read(from, to));
        at += source.size;
      }
      return parts.length === 1 ? parts[0]! : joined(...parts);
    },
  };
}

/** Bytes one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** All bytes of a source, piece by piece from front to end. */
export async function* pieces(source: ByteSource, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += pieceBytes)
    yield await source.read(at, Math.min(at + pieceBytes, source.size));
}
