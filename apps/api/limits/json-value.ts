import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems/problem.js';
import { countMembers, jsonShape } from './json-shape.js';

/** Deeper and wider than anything that is taken here, but where a route says otherwise. */
const SHAPE_LIMITS = { depth: 32, width: 4096 };

/** Reads JSON text. @returns its value, or why it is refused */
export type JsonReader = (bytes: Buffer, width?: number) => { value: unknown } | { problem: Error };

/** Why a JSON text that begins like this is refused, whatever follows: it is too deep or too wide. Null where it may go on. */
export function shapeFault(bytes: Uint8Array, width = SHAPE_LIMITS.width): Problem | null {
  const shape = jsonShape(bytes, { ...SHAPE_LIMITS, width });
  return typeof shape === 'string' ? new Problem('body-too-complex', shape) : null;
}

/** A reader of JSON that is never anything that is not UTF-8 (others put U+FFFD in place of such bytes, and what was notarised would no longer be what was
 * sent), that is too deep or too wide, or that names a member twice. */
export function createJsonReader(server: Pick<FastifyInstance, 'getDefaultJsonParser'>): JsonReader {
  const parse = server.getDefaultJsonParser('error', 'error') as (
    request: unknown,
    body: string,
    done: (error: Error | null, value?: unknown) => void,
  ) => void;
  return (bytes, width = SHAPE_LIMITS.width) => {
    if (!isUtf8(bytes))
      return { problem: new Problem('malformed-json', 'Expected JSON in UTF-8, got bytes that are not.') };
    const shape = jsonShape(bytes, { ...SHAPE_LIMITS, width });
    if (typeof shape === 'string') return { problem: new Problem('body-too-complex', shape) };
    let read: { value: unknown } | { problem: Error } = { value: undefined };
    // Calls back before it returns.
    parse(undefined, bytes.toString('utf8'), (problem, value) => {
      read = problem ? { problem } : { value };
    });
    if ('value' in read && countMembers(read.value) !== shape.members)
      return { problem: new Problem('repeated-member', 'Expected each member of an object once, got one twice.') };
    return read;
  };
}
