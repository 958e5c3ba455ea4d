import { OtsError } from './error.js';

/** Reads the primitive types of the OpenTimestamps serialisation from a byte string, front to back. */
export class ByteReader {
  #offset = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next byte, 0–255. Throws `truncated`. */
  readByte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw this.#truncated(1);
    this.#offset++;
    return byte;
  }

  /** A copy of the next `length` bytes. Throws `truncated`. */
  readBytes(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw this.#truncated(length);
    const bytes = this.#bytes.slice(this.#offset, end);
    this.#offset = end;
    return bytes;
  }

  /**
   * An unsigned LEB128 integer up to 2^53 − 1. Padding with zero groups (`81 00` for 1) is read, as the reference
   * implementation reads it; it is never written. Throws `truncated` and `bad-varuint`.
   */
  readVaruint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.readByte();
      const group = byte & 0x7f;
      if (group !== 0) {
        value += group * 2 ** shift;
        if (value > Number.MAX_SAFE_INTEGER) {
          throw new OtsError('bad-varuint', 'Reading an integer: expected at most 2^53 - 1, got a larger one');
        }
      }
      if (byte < 0x80) return value;
    }
  }

  /** A varuint length between `min` and `max`, or `null` when it is outside, so that the caller names what was read. */
  readVarbytes(min: number, max: number): Uint8Array | null {
    const length = this.readVaruint();
    return length < min || length > max ? null : this.readBytes(length);
  }

  /** How many bytes have not been read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Throws `trailing-bytes` unless everything was read. */
  expectEnd(what: string): void {
    if (this.remaining > 0) {
      throw new OtsError('trailing-bytes', `Reading ${what}: expected its end, got ${this.remaining} more bytes`);
    }
  }

  #truncated(length: number): OtsError {
    return new OtsError(
      'truncated',
      `Reading at offset ${this.#offset}: expected ${length} bytes, got ${this.#bytes.length - this.#offset}`,
    );
  }
}

/** The shortest LEB128 form of an integer from 0 to 2^53 − 1. Throws `bad-varuint`. */
export function varuint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new OtsError('bad-varuint', `Writing an integer: expected a whole number from 0 to 2^53 - 1, got ${value}`);
  }
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
