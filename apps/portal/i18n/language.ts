import type { Catalogue, Format } from './catalogue.js';
import { en } from './en.js';
import { zhCn } from './zh-cn.js';

/** Where the reader's choice is kept between visits. */
const STORAGE_KEY = 'sealroot-language';

/** The page's languages, in the order in which the switch shows them. */
export const CATALOGUES: readonly Catalogue[] = [zhCn, en];

/** The catalogue for the reader: what was chosen before, else the first of the browser's languages that the page speaks, else English. */
export function preferredCatalogue(stored: string | null, browserLanguages: readonly string[]): Catalogue {
  const chosen = CATALOGUES.find(({ tag }) => tag === stored);
  if (chosen) return chosen;
  for (const language of browserLanguages) {
    const primary = language.toLowerCase().split('-')[0];
    const match = CATALOGUES.find(({ tag }) => tag.toLowerCase().split('-')[0] === primary);
    if (match) return match;
  }
  return en;
}

/** Reads the remembered choice. A browser that forbids storage has none. */
export function readChoice(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch (error) {
    console.info('language choice is not remembered:', error);
    return null;
  }
}

/** Remembers the choice. Where storage is forbidden, the choice holds until the page closes. */
export function rememberChoice(tag: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, tag);
  } catch (error) {
    console.info('language choice is not remembered:', error);
  }
}

/** Dates (in the reader's time zone, which is named), numbers and sizes as the language writes them. */
export function formatFor(catalogue: Catalogue): Format {
  const day = new Intl.DateTimeFormat(catalogue.locale, { dateStyle: 'long' });
  const clock = new Intl.DateTimeFormat(catalogue.locale, { timeStyle: 'short', hourCycle: 'h23' });
  const zone = new Intl.DateTimeFormat(catalogue.locale, { timeZoneName: 'short' });
  const zoneName = (time: Date) => zone.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
  const number = new Intl.NumberFormat(catalogue.locale);
  return {
    date: (time) => {
      const parsed = new Date(time);
      if (Number.isNaN(parsed.getTime())) return String(time);
      return `${day.format(parsed)} ${clock.format(parsed)} (${zoneName(parsed)})`;
    },
    number: (value) => number.format(value),
    bytes: (count) => formatBytes(count, catalogue.locale),
  };
}

function formatBytes(count: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  const value = count / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}
