import { isPdf } from './file-content.js';
import type { PdfSearch } from './pdf-search.js';
import type { Subject } from './subject.js';
import type { CheckSurroundings } from './surroundings.js';

/** Looks for a code on the pages of a document that is a PDF; undefined for any other. */
export async function searchPages(
  { bytes }: Subject,
  { onStage, searchPdf }: Pick<CheckSurroundings, 'onStage' | 'searchPdf'>,
  signal: AbortSignal,
): Promise<PdfSearch | undefined> {
  if (!bytes || !(await isPdf(bytes))) return undefined;
  if (searchPdf === undefined) return { state: 'not-here' };
  const onPage = (donePages: number, totalPages: number) => onStage({ name: 'looking', donePages, totalPages });
  onPage(0, 0);
  return searchPdf(bytes.blob, onPage, signal);
}
