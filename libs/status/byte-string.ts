/** Writes a byte string from its start: bytes, and whole numbers as LEB128 (seven bits a byte, the lowest first, the eighth bit set on all but the last). */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1)[this.#length++] = value;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  varint(value: number): void {
    let rest = value;
    // Numbers have up to 54 bits: no bit operations.
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  /** 0, −1, 1, −2, … as 0, 1, 2, 3, … */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** How many bytes, and then they. */
  counted(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  /** All that was written. */
  written(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): Uint8Array {
    if (this.#length + count > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + count));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** Reads what a {@link ByteWriter} wrote; a number in a longer form than it has to have, and what goes past the end, is refused. */
export class ByteReader {
  #at = 0;

  constructor(
    private readonly all: Uint8Array,
    /** The error for what was found at a byte, in the words of whoever reads. */
    private readonly refusal: (expected: string, got: string | number, at: number) => Error,
  ) {}

  get ended(): boolean {
    return this.#at === this.all.length;
  }

  byte(): number {
    const byte = this.all[this.#at];
    if (byte === undefined) throw this.refuse('another byte', 'the end');
    this.#at++;
    return byte;
  }

  /** The next bytes, a copy. */
  bytes(count: number): Uint8Array {
    const left = this.all.length - this.#at;
    if (count > left) throw this.refuse(`${count} more bytes`, left);
    const copy = new Uint8Array(count);
    copy.set(this.all.subarray(this.#at, this.#at + count));
    this.#at += count;
    return copy;
  }

  /** A number up to `most`. */
  varint(most: number): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte % 128) * factor;
      if (value > most) throw this.refuse(`a number up to ${most}`, value);
      if (byte < 128) {
        if (byte === 0 && factor > 1) throw this.refuse('the shortest form of a number', 'a longer one');
        return value;
      }
    }
  }

  /** A number from −`most` to `most`. */
  signed(most: number): number {
    const value = this.varint(2 * most);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** All that is left, a copy. */
  rest(): Uint8Array {
    return this.bytes(this.all.length - this.#at);
  }

  /** Bytes after their number, which is at most `most`. */
  counted(most: number): Uint8Array {
    return this.bytes(this.varint(most));
  }

  /** The error for what was found where the reader is. */
  refuse(expected: string, got: string | number): Error {
    return this.refusal(expected, got, this.#at);
  }
}
