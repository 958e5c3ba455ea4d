import type { Modules } from '../image.js';

/** A picture in grey, row by row, 0 is black. */
export interface Picture {
  side: number;
  grey: Uint8Array;
}

/** How a printed code was treated before it was read. */
export interface Treatment {
  /** Pixels a module: 4 are 0.34 mm at 300 dpi. */
  pixels: number;
  degrees?: number;
  /** Standard deviation of the blur, in pixels. */
  blur?: number;
  /** Share of the code that is covered by stains, dark and light; none on the three squares by which readers find a code. */
  dirt?: number;
  /** Least radius of a stain, in modules; the largest is twice as wide. */
  stain?: number;
  /** Which stains. */
  seed?: number;
}

const INK = 25;
const PAPER = 235;
/** Modules from the edge of the quiet zone to the end of a finder pattern and what is around it. */
const FINDER = 4 + 9;
/** Samples a pixel along each axis. */
const SAMPLES = 2;

/** What a scanner or camera makes of a printed code. The same treatment gives the same picture. */
export function scan(
  modules: Modules,
  { pixels, degrees = 0, blur = 0, dirt = 0, stain = 3, seed = 1 }: Treatment,
): Picture {
  const random = randomFrom(seed);
  const code = modules.length * pixels;
  const side = Math.ceil(code * (degrees === 0 ? 1.05 : 1.45));
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let light = new Float32Array(side * side);
  const at = (u: number, v: number) => (modules[Math.floor(v)]?.[Math.floor(u)] ? INK : PAPER);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const dx = x + ((i % SAMPLES) + 0.5) / SAMPLES - side / 2;
        const dy = y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES - side / 2;
        sum += at(
          (cos * dx + sin * dy) / pixels + modules.length / 2,
          (cos * dy - sin * dx) / pixels + modules.length / 2,
        );
      }
      light[y * side + x] = sum / (SAMPLES * SAMPLES);
    }
  }
  for (let covered = 0; covered < dirt * code * code;) {
    const radius = pixels * stain * (1 + random());
    const [u, v] = [random() * code, random() * code];
    const finder = pixels * FINDER + radius;
    if ((u < finder || u > code - finder) && v < finder) continue;
    if (u < finder && v > code - finder) continue;
    const [du, dv] = [u - code / 2, v - code / 2];
    const [cx, cy] = [side / 2 + cos * du - sin * dv, side / 2 + sin * du + cos * dv];
    const tone = random() < 0.5 ? INK + 40 : PAPER - 10;
    for (let y = Math.max(0, Math.ceil(cy - radius)); y <= Math.min(side - 1, cy + radius); y++) {
      for (let x = Math.max(0, Math.ceil(cx - radius)); x <= Math.min(side - 1, cx + radius); x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= radius * radius) light[y * side + x] = tone;
      }
    }
    covered += Math.PI * radius * radius;
  }
  if (blur > 0) light = blurred(blurred(light, side, blur, 1), side, blur, side);
  return { side, grey: Uint8Array.from(light, (value) => Math.max(0, Math.min(255, value + (random() - 0.5) * 12))) };
}

/** As a PGM file, which every program reads. */
export function pgm({ side, grey }: Picture): Uint8Array {
  const head = new TextEncoder().encode(`P5\n${side} ${side}\n255\n`);
  const file = new Uint8Array(head.length + grey.length);
  file.set(head);
  file.set(grey, head.length);
  return file;
}

/** As the pixels of a canvas. */
export function rgba({ side, grey }: Picture): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const data = new Uint8ClampedArray(grey.length * 4).fill(255);
  grey.forEach((value, i) => data.fill(value, 4 * i, 4 * i + 3));
  return { width: side, height: side, data };
}

/** One pass of a Gaussian blur: along rows with step 1, along columns with step `side`. */
function blurred(
  light: Float32Array<ArrayBuffer>,
  side: number,
  sigma: number,
  step: number,
): Float32Array<ArrayBuffer> {
  const reach = Math.ceil(2.5 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return light.map((_, place) => {
    const along = step === 1 ? place % side : Math.floor(place / side);
    let sum = 0;
    for (let i = -reach; i <= reach; i++) {
      const clamped = Math.max(0, Math.min(side - 1, along + i));
      sum += weights[i + reach]! * light[place + (clamped - along) * step]!;
    }
    return sum / total;
  });
}

/** Numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
