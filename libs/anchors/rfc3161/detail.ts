import type { SubmissionState } from '../anchor.js';
import { at } from '../at.js';
import type { Rfc3161Progress } from './progress.js';

/** What each place did, in its order. */
const told = (attempts: Rfc3161Progress['failures']): string =>
  attempts.map(({ name, failure }) => `${name}: ${failure}`).join('; ');

/** The sentence that says where a submission stands. */
export function submissionDetail(state: SubmissionState, progress: Rfc3161Progress, nextTry: Date): string {
  const { token, failures, listFailures, revocation } = progress;
  if (!token) return `no authority gave a usable time-stamp (${told(failures)}), next try at ${at(nextTry)}`;
  const accuracy = token.accuracyMs === null ? '' : ` (give or take ${token.accuracyMs / 1000} s)`;
  const stamped = `time-stamped at ${at(token.genTime)}${accuracy} by ${token.authority} (${token.from})`;
  const before = failures.length > 0 ? `, after ${told(failures)}` : '';
  if (state === 'confirmed') {
    const missing = listFailures.length > 0 ? `: ${told(listFailures)}, next try at ${at(nextTry)}` : '';
    return `${stamped}${before}, revocation lists still to be fetched${missing}`;
  }
  const lists = {
    good: 'its certificates were good by their revocation lists',
    'none-named': 'its certificates name no revocation list or responder for all of them',
    'given-up': `the revocation lists could not be had (${told(listFailures)})`,
    unknown: 'revocation unknown',
  };
  return `${stamped}${before}, ${lists[revocation]}`;
}

/** The reason of a library's error without the words on what was attempted. */
export const reasonOf = ({ message, code }: { message: string; code: string }): string =>
  `${message.replace(/^[A-Z][^:]*: /, '')} (${code})`;
