import { bytesToHex } from '@noble/hashes/utils.js';
import { tellVerification } from '#words/tell.js';
import type { ManyItem } from './many-check.js';
import type { Words } from './views/words.js';

/** A line of the table of many documents. */
export interface ManyLine {
  /** The result in a word or two. */
  result: string;
  /** For colours: a badge, or none where there is no verdict. */
  standing: string;
  when: string;
  who: string;
}

/** What is told of a document among many, once it is checked. */
export function lineOf(words: Words, { stage }: ManyItem): ManyLine | undefined {
  const { language, page, telling } = words;
  if (stage === undefined) return undefined;
  if (stage.name === 'verified') {
    const { answers, badge, standing } = tellVerification(stage.outcome.verification, language, telling);
    const agency = answers === null ? '' : (stage.outcome.verification.record?.agency ?? '');
    return { result: badge, standing, when: answers?.when.text ?? '', who: agency };
  }
  const results: Partial<Record<typeof stage.name, string>> = {
    'not-found': page.notFound.title,
    'need-document': page.needDocument.title,
    choosing: page.choosing.title,
    waiting: page.waiting.title,
    unreachable: page.unreachable.title,
    'bad-document': page.badDocument['unreadable-file'].title,
  };
  const standing = stage.name === 'waiting' ? 'pending' : stage.name === 'unreachable' ? 'unavailable' : 'none';
  return { result: results[stage.name] ?? '', standing, when: '', who: '' };
}

/** The table as a CSV file (RFC 4180), which spreadsheets open as it is. */
export function csvOf(words: Words, items: readonly ManyItem[]): string {
  const { columns } = words.page.many;
  const head = [columns.file, 'SHA-256', columns.result, 'verdict', columns.when, columns.who, 'record'];
  const rows = items.map((item) => {
    const line = lineOf(words, item);
    const outcome = item.stage?.name === 'verified' ? item.stage.outcome : undefined;
    const sha256 = outcome?.digests.sha256;
    const { record, verdict = item.stage?.name ?? '', when } = outcome?.verification ?? {};
    return [
      item.name,
      sha256 === undefined ? '' : bytesToHex(sha256),
      line?.result ?? '',
      verdict,
      line?.when === '' ? '' : (when?.notAfter?.time ?? ''),
      line?.who ?? '',
      line?.who === '' ? '' : (record?.id ?? ''),
    ];
  });
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A cell that no spreadsheet takes for a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
