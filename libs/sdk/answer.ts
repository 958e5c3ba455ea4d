import { SdkError } from './error.js';
import { type Problem, readProblem } from './problem.js';
import type { Timer } from './timer.js';

/** Longest answer that is held whole: a thousand statements take about 2 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** An answer that was received whole. */
export interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** The same as text. */
  readonly text: string;
}

/** The body of an answer, part by part, each of which must come in time. Who stops reading ends the request.
 * @throws SdkError `timed-out`; what the platform's fetch throws where the connection breaks */
export async function* readParts(response: Response, timer: Timer, where: string): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let whole = reader === undefined;
  try {
    while (!whole) {
      timer.start();
      const { done, value } = await reader!.read();
      timer.pause();
      whole = done;
      if (value !== undefined) yield value as Uint8Array;
    }
  } catch (cause) {
    if (!timer.elapsed) throw cause;
    throw new SdkError('timed-out', `${where}: expected the rest of the answer, got nothing in time`, { cause });
  } finally {
    if (whole) timer.stop();
    else timer.abort();
  }
}

/** A whole answer. @throws SdkError `bad-answer` when it is longer than any can be, and as {@link readParts} */
export async function readAnswer(response: Response, timer: Timer, where: string): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readParts(response, timer, where)) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES)
      throw new SdkError('bad-answer', `${where}: expected at most ${MAX_ANSWER_BYTES} bytes, got more`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  const { headers, status } = response;
  return {
    status,
    headers,
    bytes,
    get text() {
      return new TextDecoder().decode(bytes);
    },
  };
}

/** The problem that an answer holds (RFC 9457); undefined when it holds none. */
export function problemIn(answer: Answer): Problem | undefined {
  if (!(answer.headers.get('content-type') ?? '').startsWith('application/problem+json')) return undefined;
  try {
    return readProblem(JSON.parse(answer.text), answer.status);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The beginning of a text that was not expected, in one line. */
export function preview(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line === '' ? 'an empty answer' : JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
