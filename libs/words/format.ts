import { normalizeTime, parseTime } from '#statement/time.js';

/** How dates, numbers and sizes are written: a language's, at a reader's place. */
export interface Format {
  /** An RFC 3339 time, or milliseconds since 1970: local with its zone, and in UTC, whose day is written where it is another; once where they are the same. What is no time stays as it is. */
  date(time: string | number): string;
  number(value: number): string;
  /** A size in bytes. */
  bytes(count: number): string;
  /** A span of milliseconds, to the unit that matters: days, hours, minutes or seconds, rounded up. */
  span(ms: number): string;
}

/** Where a format is used. */
export interface FormatPlace {
  /** BCP 47 tag. */
  locale: string;
  /** IANA name; the machine's own when absent. */
  timeZone?: string | undefined;
  /** Whether times are written to the second. */
  seconds?: boolean | undefined;
}

/** Furthest from 1970 that a calendar here reaches (ECMA-262 §21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

const made = new Map<string, Format>();

/** The format of a place, by Intl alone. Of each place there is one: making it takes a thousand times as long as using it. */
export function formatFor(place: FormatPlace): Format {
  const name = [place.locale, place.timeZone, place.seconds].join();
  let format = made.get(name);
  if (format === undefined) made.set(name, (format = makeFormat(place)));
  return format;
}

function makeFormat({ locale, timeZone, seconds = false }: FormatPlace): Format {
  const style = { dateStyle: 'long', timeStyle: seconds ? 'medium' : 'short', hourCycle: 'h23' } as const;
  const local = new Intl.DateTimeFormat(locale, { ...style, timeZone });
  const utc = new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' });
  const [day, utcDay] = [timeZone, 'UTC'].map((zone) => new Intl.DateTimeFormat('en', { timeZone: zone }));
  const utcTime = new Intl.DateTimeFormat(locale, { ...style, dateStyle: undefined, timeZone: 'UTC' });
  const zone = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  const zoneOf = (ms: number) => zone.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const number = new Intl.NumberFormat(locale);
  const units = new UnitFormats(locale);
  return {
    date: (time) => {
      const normal = typeof time === 'number' ? null : normalizeTime(time);
      const ms = normal === null ? time : parseTime(normal);
      if (typeof ms === 'string' || Math.abs(ms) > MAX_TIME_MS) return String(time);
      const [here, there] = [local.format(ms), utc.format(ms)];
      if (here === there) return `${there} UTC`;
      const isSameDay = day!.format(ms) === utcDay!.format(ms);
      return `${here} (${zoneOf(ms)}; ${isSameDay ? utcTime.format(ms) : there} UTC)`;
    },
    number: (value) => number.format(value),
    bytes: (count) => units.bytes(count),
    span: (ms) => units.span(ms),
  };
}

/** Units of a size, smallest first, and of a span with their milliseconds, largest first. */
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
const SPANS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** Numbers with a unit, by unit and places after the point, as they are needed. */
class UnitFormats {
  readonly #made = new Map<string, Intl.NumberFormat>();

  constructor(private readonly locale: string) {}

  bytes(count: number): string {
    const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), SIZES.length - 1);
    const value = count / 1000 ** power;
    // The data of Intl have no word of Taiwan for it.
    if (power === 0 && this.locale === 'zh-TW') return `${count} 位元組`;
    const places = value < 10 && power > 0 ? 1 : 0;
    return this.#for(SIZES[power] ?? 'byte', power === 0 ? 'long' : 'short', places).format(value);
  }

  span(ms: number): string {
    const [unit, length] = SPANS.find(([, unitMs]) => ms >= unitMs) ?? SPANS[SPANS.length - 1]!;
    return this.#for(unit, 'long', 0).format(Math.ceil(ms / length));
  }

  #for(unit: string, unitDisplay: 'long' | 'short', maximumFractionDigits: number): Intl.NumberFormat {
    const name = `${unit} ${maximumFractionDigits}`;
    let format = this.#made.get(name);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits });
      this.#made.set(name, format);
    }
    return format;
  }
}
