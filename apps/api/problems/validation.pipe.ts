import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, type ProblemCode } from './problem.js';

/** What Standard Schema says of one fault. */
interface Issue {
  message: string;
  path?: readonly unknown[] | undefined;
}

/** The pipe that checks parameters against their zod schemas; a fault is a problem of `code`, with a pointer for each place. */
export function validationPipe(code: ProblemCode): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues: readonly Issue[]) => {
      const errors = issues.map(({ message, path = [] }) => ({ pointer: pointerOf(path), detail: message }));
      const summary = errors.map(({ pointer, detail }) => `${pointer || '(whole)'}: ${detail}`).join('; ');
      return new Problem(code, summary, { errors });
    },
  });
}

/** JSON pointer (RFC 6901) of a path of Standard Schema. */
function pointerOf(path: readonly unknown[]): string {
  return path
    .map((segment) => String(typeof segment === 'object' && segment !== null ? (segment as { key: unknown }).key : segment))
    .map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
