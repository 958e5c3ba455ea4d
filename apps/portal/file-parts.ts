/** Bytes that are handed over at a time, at most: large enough to work at full speed, small enough that whoever works can be stopped. */
export const PART_BYTES = 2 * 1024 * 1024;

/**
 * The bytes of a file, part by part and in order; a part holds until the next one is asked for. Throws what the browser threw where it cannot read on; a file
 * that ends early has fewer bytes than its size, and nothing else says so.
 */
export async function* partsOf(file: Blob | Uint8Array): AsyncGenerator<Uint8Array> {
  if (file instanceof Uint8Array) {
    for (let at = 0; at < file.length; at += PART_BYTES) yield file.subarray(at, at + PART_BYTES);
    return;
  }
  // To ask a browser for nothing takes as long as to ask it for something, and a stream longer than either.
  if (file.size === 0) return;
  if (file.size <= PART_BYTES) yield new Uint8Array(await file.arrayBuffer());
  else yield* streamed(file.stream());
}

/** A stream is read ahead by the browser while the part before is worked on. */
async function* streamed(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = readerOf(stream);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** Reads into the same memory again and again, where the browser can. */
function readerOf(stream: ReadableStream<Uint8Array>): Reader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    return stream.getReader();
  }
  let memory = new ArrayBuffer(PART_BYTES);
  return {
    read: async () => {
      const { done, value } = await reader.read(new Uint8Array(memory));
      if (done) return { done, value: undefined };
      memory = value.buffer;
      return { done, value };
    },
    cancel: () => reader.cancel(),
  };
}
