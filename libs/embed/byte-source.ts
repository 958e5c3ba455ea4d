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

/** The first `kept` bytes of a source, and then `ending`. */
export function partOf(source: ByteSource, kept: number, ending: Uint8Array): ByteSource {
  return {
    size: kept + ending.length,
    async read(start, end) {
      const head = start < kept ? await source.read(start, Math.min(end, kept)) : new Uint8Array();
      return joined(head, ending.subarray(Math.max(0, start - kept), Math.max(0, end - kept)));
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
