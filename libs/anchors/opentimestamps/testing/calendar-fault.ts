import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a calendar of the sandbox may be told to do wrong:
 *
 * | fault | behaviour |
 * |---|---|
 * | `down` | closes every connection without an answer |
 * | `hang` | never answers |
 * | `stall` | sends the head and one byte, then nothing |
 * | `slow` | answers rightly after `SLOW_MS` |
 * | `error` | 500 |
 * | `garbage` | 200 with bytes that are no timestamp |
 * | `trailing` | a right answer followed by one byte too many |
 * | `huge` | 200 with 600 KB |
 * | `redirect` | 302 to another path of the same server, where the right answer would be |
 * | `half` | announces the whole answer and closes after half of it |
 * | `foreign` | answers a submission with a pending attestation of a host that nobody allows |
 * | `wrong-height` | claims a Bitcoin attestation in another block than the right one |
 * | `wrong-root` | claims a Bitcoin attestation with a message that is no block's Merkle root |
 */
export type CalendarFault =
  | 'none'
  | 'down'
  | 'hang'
  | 'stall'
  | 'slow'
  | 'error'
  | 'garbage'
  | 'trailing'
  | 'huge'
  | 'redirect'
  | 'half'
  | 'foreign'
  | 'wrong-height'
  | 'wrong-root';

/** Delay of a `slow` calendar. */
export const SLOW_MS = 8_000;
/** Size of a `huge` answer. */
export const HUGE_BYTES = 600_000;
/** The calendar that a `foreign` answer names; nobody may ever ask it. */
export const FOREIGN_URI = 'http://127.0.0.1:9';
/** Prefix of the path that a `redirect` points to. */
export const REDIRECTED = '/redirected';

/** Answers a request in place of the calendar, when the fault is one that needs no knowledge of the answer.
 * Returns false when the calendar is to answer itself (perhaps later: `slow` waits first). */
export async function misbehave(
  fault: CalendarFault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault) {
    case 'down':
      request.socket.destroy();
      return true;
    case 'hang':
      return true;
    case 'stall':
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 200 });
      response.write(Buffer.from([0xf0]));
      return true;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref());
      return response.destroyed;
    case 'error':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('internal server error');
      return true;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('<html>not a timestamp</html>');
      return true;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.alloc(HUGE_BYTES, 0xf0));
      return true;
    case 'redirect':
      if (request.url?.startsWith(REDIRECTED)) return false;
      response.writeHead(302, { location: `${REDIRECTED}${request.url}` }).end();
      return true;
    default:
      return false;
  }
}

/** Sends the calendar's answer, spoilt where the fault says so. */
export function sendAnswer(fault: CalendarFault, response: ServerResponse, answer: Uint8Array): void {
  const body = fault === 'trailing' ? Buffer.concat([answer, Buffer.from([0])]) : answer;
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length });
  if (fault !== 'half') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
