import type { z } from 'zod';
import type { Json } from './anchor.js';
import { AnchorError } from './error.js';

/** Reads an adapter's own memory, as a database gave it back. The function it returns throws AnchorError `bad-submission`. */
export const progressReader =
  <T>(schema: z.ZodType<T>) =>
  (value: Json): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'progress';
    throw new AnchorError('bad-submission', `Reading a submission: ${where}: ${issue?.message ?? 'not readable'}`);
  };
