import { bytesToHex } from '@noble/hashes/utils.js';
import { parseCode } from '#paper/codec.js';
import { PaperError } from '#paper/error.js';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import type { GivenCode } from './given-files.js';

/** What a code on paper leads to: the digest of its record, and the text that was registered, where it carries that. Undefined for any other text. */
export function readPaperCode(text: string): GivenCode | undefined {
  try {
    const { document, statement } = parseCode(text);
    const algorithm = DIGEST_ALGORITHMS.find((each) => statement.digests[each] !== undefined)!;
    const hex = statement.digests[algorithm]!;
    const salt = document?.salt;
    return {
      digest: { hex, algorithms: [algorithm], ...(salt && { saltHex: bytesToHex(salt) }) },
      ...(document && { document: new File([document.text], 'code.txt'), text: document.text }),
    };
  } catch (error) {
    if (!(error instanceof PaperError)) throw error;
    console.info('a code could not be read:', error);
    return undefined;
  }
}
