import { SdkError } from './error.js';

/** Longest line of an answer: a proof with the longest history has some hundred kilobytes. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** The lines of NDJSON that comes in parts, without their newlines. What follows the last newline is a line that broke off: it is passed over.
 * @throws SdkError `bad-answer` for a line that is longer than any can be, and what the body throws */
export async function* readLines(body: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of body) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > MAX_LINE_CHARACTERS)
      throw new SdkError('bad-answer', `${where}: expected lines of at most ${MAX_LINE_CHARACTERS} characters`);
  }
}

/** The value of a line. @throws SdkError `bad-answer` */
export function parseLine(line: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new SdkError('bad-answer', `${where}: expected a line of JSON, got something else`, { cause });
  }
  throw new SdkError('bad-answer', `${where}: expected an object on each line, got something else`);
}
