import { TlogError } from './error.js';
import { assertWhole, parseDecimal, quote } from './text.js';

/** Hashes in a complete tile, entries in a complete bundle. */
const TILE_WIDTH = 256;

const MAX_LEVEL = 63;

/** Which tile, or with level `entries` which entry bundle, of how many hashes or entries. */
export interface TileAddress {
  level: number | 'entries';
  /** From 0. */
  index: number;
  /** 1 to 256; 256 is complete. */
  width: number;
}

/**
 * The path of a tile below the log's address, `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles): the index in groups of three
 * digits, each but the last with an `x` before it. Throws `bad-tile`.
 */
export function formatTilePath(level: number | 'entries', index: number, width = TILE_WIDTH): string {
  assertWhole(index, 'bad-tile', 'tile index');
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= MAX_LEVEL)) {
    throw new TlogError('bad-tile', `tile level: expected 0 to ${MAX_LEVEL} or "entries", got ${level}`);
  }
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new TlogError('bad-tile', `tile width: expected 1 to ${TILE_WIDTH}, got ${width}`);
  }
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads the path of a tile; accepts only what {@link formatTilePath} writes. Throws `bad-tile`. */
export function parseTilePath(path: string): TileAddress {
  const parts = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (parts === null)
    throw new TlogError('bad-tile', `tile path: expected tile/<level>/<index>[.p/<width>], got ${quote(path)}`);
  const [, levelText, name, widthText] = parts as unknown as [string, string, string, string | undefined];
  const address: TileAddress = {
    level: levelText === 'entries' ? 'entries' : parseDecimal(levelText, 'bad-tile', 'tile level'),
    index: Number(name.replace(/[x/]/g, '')),
    width: widthText === undefined ? TILE_WIDTH : parseDecimal(widthText, 'bad-tile', 'tile width'),
  };
  if (formatTilePath(address.level, address.index, address.width) !== path) {
    throw new TlogError('bad-tile', `tile path: expected the shortest form, got ${quote(path)}`);
  }
  return address;
}
