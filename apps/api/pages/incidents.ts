import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** Largest file that is read, in bytes. */
const MAX_BYTES = 256 * 1024;

const incidentsSchema = z.array(
  z.strictObject({
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }).optional(),
    title: z.string().min(1).max(200),
    text: z.string().max(5000).optional(),
  }),
);

/** Something that went wrong, as the operator tells it; without an end it is going on. */
export type Incident = z.output<typeof incidentsSchema>[number];

/** Reads the operator's list: a JSON array of `{"from","until"?,"title","text"?}` with RFC 3339 times; newest first.
 * @throws Error that says what was expected */
export async function readIncidents(path: string): Promise<Incident[]> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`reading ${path}: expected at most ${MAX_BYTES} bytes, got ${size}`);
  const parsed = incidentsSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`reading ${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.toSorted((one, other) => Date.parse(other.from) - Date.parse(one.from));
}
