import type { FailureKind } from '#words/command-line.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/** What went wrong with one file while others went through. */
export interface Failure {
  file: string;
  code: FailureKind;
  message: string;
}

/** Most alarming first: one exit code must stand for all failures of a run. */
const BY_GRAVITY: FailureKind[] = [
  'protocol',
  'refused',
  'not-found',
  'no-permission',
  'no-input',
  'bad-data',
  'cannot-create',
  'unavailable',
  'not-ready',
];

/** The exit code of a run with these failures: that of the gravest. */
export function exitCodeOf(failures: readonly Failure[]): number {
  const code = BY_GRAVITY.find((candidate) => failures.some((failure) => failure.code === candidate));
  if (code !== undefined) return new CliError(code, '').exitCode;
  return failures.length > 0 ? EXIT.mismatch : EXIT.ok;
}
