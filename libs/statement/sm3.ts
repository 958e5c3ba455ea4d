const BLOCK_BYTES = 64;
const IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e] as const;

const rotate = (x: number, n: number) => (x << (n & 31)) | (x >>> (32 - (n & 31)));
const p0 = (x: number) => x ^ rotate(x, 9) ^ rotate(x, 17);
const p1 = (x: number) => x ^ rotate(x, 15) ^ rotate(x, 23);

/** The SM3 digest of `data`, 32 bytes (GB/T 32905-2016). */
export function sm3(data: Uint8Array): Uint8Array {
  return new Sm3().update(data).digest();
}

/** An SM3 digest that is computed piece by piece: portable, for where neither Node's own nor a WebAssembly implementation is at hand, which are faster. */
export function createSm3(): Sm3 {
  return new Sm3();
}

class Sm3 {
  readonly #state: number[] = [...IV];
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #view = new DataView(this.#block.buffer);
  #length = 0;

  update(data: Uint8Array): this {
    let at = 0;
    while (at < data.length) {
      const held = this.#length % BLOCK_BYTES;
      const piece = data.subarray(at, at + BLOCK_BYTES - held);
      this.#block.set(piece, held);
      this.#length += piece.length;
      at += piece.length;
      if (held + piece.length === BLOCK_BYTES) compress(this.#state, this.#view, 0);
    }
    return this;
  }

  /** 32 bytes. Nothing may be added afterwards. */
  digest(): Uint8Array {
    const length = this.#length;
    const end = new Uint8Array(Math.ceil((length + 9) / BLOCK_BYTES) * BLOCK_BYTES - length);
    end[0] = 0x80;
    const sizes = new DataView(end.buffer);
    sizes.setUint32(end.length - 8, Math.floor(length / 2 ** 29));
    sizes.setUint32(end.length - 4, (length << 3) >>> 0);
    this.update(end);
    const digest = new Uint8Array(32);
    const out = new DataView(digest.buffer);
    this.#state.forEach((word, i) => out.setUint32(i * 4, word >>> 0));
    return digest;
  }
}

function compress(state: number[], block: DataView, at: number): void {
  const w = new Int32Array(68);
  for (let j = 0; j < 16; j++) w[j] = block.getInt32(at + j * 4);
  for (let j = 16; j < 68; j++) {
    w[j] = p1(w[j - 16]! ^ w[j - 9]! ^ rotate(w[j - 3]!, 15)) ^ rotate(w[j - 13]!, 7) ^ w[j - 6]!;
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let j = 0; j < 64; j++) {
    const early = j < 16;
    const ss1 = rotate((rotate(a, 12) + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7);
    const ss2 = ss1 ^ rotate(a, 12);
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + ss2 + (w[j]! ^ w[j + 4]!)) | 0;
    const tt2 = (gg + h + ss1 + w[j]!) | 0;
    [d, c, b, a] = [c, rotate(b, 9), a, tt1];
    [h, g, f, e] = [g, rotate(f, 19), e, p0(tt2)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! ^= word));
}
