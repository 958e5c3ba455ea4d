import type { GivenCode, GivenDigest, Refusal } from './given-files.js';
import { isPaperCode, readFragment } from './pasted.js';

/** What a code says, by its text or in a picture: a code on paper, or a link with a proof or a digest; or why it is not taken. What reads them is loaded for the first. */
export async function readCode(code: string | File): Promise<GivenCode | GivenDigest | File | Refusal> {
  try {
    const text =
      typeof code === 'string' ? code : await new (await import('./code-reader.js')).CodeReader().readPicture(code);
    if (text === null) return 'no-code';
    const given = isPaperCode(text)
      ? (await import('./paper-code.js')).readPaperCode(text.trim())
      : readFragment(text.slice(Math.max(0, text.indexOf('#'))));
    return given ?? 'other-code';
  } catch (error) {
    // The browser's way to say that a part of the page cannot be fetched.
    if (!(error instanceof TypeError)) throw error;
    console.info('what reads codes could not be fetched:', error);
    return 'no-reader';
  }
}
