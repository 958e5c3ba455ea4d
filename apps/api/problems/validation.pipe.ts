import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from './problem.js';

/** Checks bodies and parameters against their schemas (Standard Schema, in practice zod). A fault is a problem that names every place. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, schema }: ArgumentMetadata): Promise<unknown> {
    if (!schema) return value;
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    const errors = result.issues.map(({ message, path = [] }) => ({ pointer: pointerOf(path), detail: message }));
    const summary = errors.map(({ pointer, detail }) => (pointer === '' ? detail : `${pointer}: ${detail}`)).join('; ');
    throw new Problem(type === 'body' ? 'invalid-body' : 'bad-request', summary, { errors });
  }
}

/** JSON pointer (RFC 6901) of a path of Standard Schema. */
function pointerOf(path: readonly (PropertyKey | { key: PropertyKey })[]): string {
  return path
    .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
