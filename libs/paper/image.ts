import encodeQR from 'qr';
import { PaperError } from './error.js';

/** Side of a module in print, in millimetres: four dots at 300 dpi. */
export const PRINTED_MODULE_MM = (4 * 25.4) / 300;

/** Light modules that a QR code needs around it (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4;

/** Error correction levels from M upwards: the least that a code on paper has, and what the same size may hold besides. */
const LEVELS = ['medium', 'quartile', 'high'] as const;

/** A QR code: rows of modules, true is dark, with the light ones around it that it needs. */
export type Modules = readonly (readonly boolean[])[];

/** The QR code of a text in base45's characters (alphanumeric mode) unless another mode is named, as small as level M lets it be; where a higher level fits the same size, of that.
 * @throws PaperError `too-large` */
export function qrModules(text: string, encoding: 'alphanumeric' | 'byte' = 'alphanumeric'): Modules {
  const options = { encoding, border: QUIET_ZONE } as const;
  let modules: boolean[][];
  try {
    modules = encodeQR(text, 'raw', { ...options, ecc: 'medium' });
  } catch (cause) {
    throw new PaperError(
      'too-large',
      `Drawing a QR code: expected a text that fits one at level M, got ${text.length} characters`,
      { cause },
    );
  }
  for (const ecc of LEVELS.slice(1)) {
    const version = (modules.length - 2 * QUIET_ZONE - 17) / 4;
    try {
      modules = encodeQR(text, 'raw', { ...options, ecc, version });
    } catch {
      // It does not fit: the level below is the highest.
      break;
    }
  }
  return modules;
}

/** Version of a QR code, 1 to 40. */
export function qrVersion(modules: Modules): number {
  return (modules.length - 2 * QUIET_ZONE - 17) / 4;
}

/** A QR code as SVG of `sizeMm` millimetres a side, dark on white whatever is around it; `title` is what is read out. */
export function svgOf(modules: Modules, { sizeMm, title }: { sizeMm: number; title: string }): string {
  const side = modules.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sizeMm}mm" height="${sizeMm}mm" viewBox="0 0 ${side} ${side}" role="img" shape-rendering="crispEdges">` +
    `<title>${escaped(title)}</title><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${pathOf(modules)}"/></svg>\n`
  );
}

/** The dark modules as the path of an SVG, a unit each. */
export function pathOf(modules: Modules): string {
  const rows = modules.map((row, y) => runsOf(row).map(({ from, to }) => `M${from} ${y}h${to - from}v1H${from}z`));
  return rows.flat().join('');
}

/** What a PNG file is made with; Node's `zlib` has both. */
export interface Zlib {
  /** Compresses into zlib's format (RFC 1950). */
  deflateSync(data: Uint8Array): Uint8Array;
  crc32(data: Uint8Array): number;
}

/** A QR code as PNG in black and white, `pixels` a module. */
export function pngOf(modules: Modules, pixels: number, zlib: Zlib): Uint8Array {
  const side = modules.length * pixels;
  const rowBytes = 1 + Math.ceil(side / 8);
  const data = new Uint8Array(rowBytes * side);
  for (let y = 0; y < side; y++) {
    const row = modules[Math.floor(y / pixels)]!;
    for (let x = 0; x < side; x++) {
      // One bit a pixel, 1 is white; each row begins with its filter, none.
      if (!row[Math.floor(x / pixels)]) data[y * rowBytes + 1 + (x >> 3)]! |= 128 >> (x & 7);
    }
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, side);
  new DataView(header.buffer).setUint32(4, side);
  header[8] = 1;
  const chunk = (type: string, content: Uint8Array) => pngChunk(type, content, zlib);
  const parts = [
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(data)),
    chunk('IEND', new Uint8Array(0)),
  ];
  return joined(parts);
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function pngChunk(type: string, data: Uint8Array, zlib: Zlib): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, zlib.crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function runsOf(row: readonly boolean[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  row.forEach((dark, x) => {
    if (!dark) return;
    if (x > 0 && row[x - 1]) runs.at(-1)!.to = x + 1;
    else runs.push({ from: x, to: x + 1 });
  });
  return runs;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
