import type { Verification } from '#proof/verification.js';

/** Whether a service may know more of a record's standing: it is the one whose log this is, and nothing that was shown ends it. */
export function mayHaveChanged({ still, verdict, who }: Verification): boolean {
  if (who === 'unchecked' || verdict === 'mismatch' || verdict === 'unreadable') return false;
  return !['revoked', 'superseded', 'consumed'].includes(still.state);
}

/** As of when the shown status is; undefined where none is shown. */
export function statusTimeOf({ still }: Verification): string | undefined {
  return 'status' in still ? still.status?.asOf : undefined;
}
