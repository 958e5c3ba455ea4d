import type { FailureKind } from '#words/command-line.js';
import { EXIT, type ExitCode } from './exit-code.js';

const EXIT_OF: Record<FailureKind, ExitCode> = {
  usage: EXIT.usage,
  'bad-data': EXIT.badData,
  'no-input': EXIT.noInput,
  'cannot-create': EXIT.cannotCreate,
  unavailable: EXIT.unavailable,
  protocol: EXIT.protocol,
  refused: EXIT.mismatch,
  'no-permission': EXIT.noPermission,
  'no-credential': EXIT.config,
  'bad-setting': EXIT.config,
  'not-found': EXIT.mismatch,
  'not-ready': EXIT.pending,
  software: EXIT.software,
};

/** A failure that the user is told in one line, in English: what was attempted, what was expected, what came. */
export class CliError extends Error {
  constructor(
    readonly code: FailureKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CliError';
  }

  /** The exit code that belongs to {@link CliError.code}. */
  get exitCode(): ExitCode {
    return EXIT_OF[this.code];
  }
}

/** A failure about evidence, told in the language that was asked for. */
export class EvidenceError extends CliError {
  /** What sources and parsers said, in English, a line each. */
  readonly details: readonly string[];

  constructor(
    code: FailureKind,
    message: string,
    { cause, details = [] }: { cause?: unknown; details?: string[] } = {},
  ) {
    super(code, message, { cause });
    this.details = details;
  }
}

/** The innermost reason of a failure in a few words, such as `connect ECONNREFUSED 127.0.0.1:3000`; fetch hides it in `cause`. */
export function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth += 1)
    current = current.cause;
  if (current instanceof AggregateError && current.errors.length > 0) return reasonOf(current.errors[0]);
  if (!(current instanceof Error)) return String(current);
  const code = (current as NodeJS.ErrnoException).code;
  return current.message !== '' ? current.message : (code ?? current.name);
}

/** Turns a file system failure into a {@link CliError}; `doing` reads like `reading contract.pdf`. */
export function fileError(doing: string, error: unknown, code: 'no-input' | 'cannot-create'): CliError {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EISDIR: 'expected a file, got a folder',
    ENOTDIR: 'a part of the path is not a folder',
    ENOSPC: 'no space left on the device',
    EROFS: 'the file system is read-only',
  };
  const errno = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return new CliError(code, `${doing}: ${(errno && reasons[errno]) ?? reasonOf(error)}`, { cause: error });
}
