import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problemDetails } from './problem.js';

/** Answers, as a problem, what Node's parser refused before there was a request: garbage, headers beyond measure, a request that never ended. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // Nobody is there any more, or an answer is on its way already.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  writeProblem(socket, ...explain(error.code));
}

/** Writes a problem where there is no reply, and ends the connection. `headers`: further ones, each line ended. */
export function writeProblem(socket: Socket, code: ProblemCode, detail: string, headers = ''): void {
  const details = problemDetails(code, detail);
  const body = JSON.stringify(details);
  socket.end(
    `HTTP/1.1 ${details.status} ${STATUS_CODES[details.status]}\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\n${headers}` +
      `cache-control: no-store\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    // A client that keeps writing would otherwise hold the socket for ever.
    () => socket.destroy(),
  );
}

function explain(code: string | undefined): [ProblemCode, string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-timeout', 'The request did not arrive in time.'];
  if (code === 'HPE_HEADER_OVERFLOW') return ['headers-too-large', 'Expected at most 16 KiB of headers.'];
  return ['bad-request', 'Expected an HTTP/1.1 request.'];
}
