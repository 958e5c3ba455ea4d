import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A body of at most this many bytes is thrown away instead, and the connection stays open. */
const THROWN_AWAY_BYTES = 16 * 1024;

/** How long a connection stays open for its answer to be read while the rest of the body is on the way: many clients read only after they
 * have sent. */
const LINGER_MS = 500;

/** Pause between two looks at what came meanwhile: bounds how much of a flood is read. */
const LOOK_MS = 50;

/** Connections that linger at a time; more are closed at once. */
const MAX_LINGERING = 200;

let lingering = 0;

/** Whether a request says that it has a body. */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || !/^0*$/.test(headers['content-length'] ?? '');
}

/** Sees to it that a body which nobody will read cannot hold its connection: the answer closes it, soon after it was sent. */
export function leaveUnread(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  if (raw.complete || !announcesBody(raw.headers)) return;
  const small = raw.headers['transfer-encoding'] === undefined;
  if (small && Number(raw.headers['content-length']) <= THROWN_AWAY_BYTES) return;
  reply.header('connection', 'close');
  if (raw.socket instanceof Socket && lingering < MAX_LINGERING) linger(raw, raw.socket);
}

/** The same where the answer is under way and ends now. */
export function lingerUnread(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  const { socket } = raw;
  if (raw.complete || !(socket instanceof Socket)) return;
  if (lingering < MAX_LINGERING) linger(raw, socket);
  reply.raw.once('finish', () => socket.destroySoon());
}

function linger(request: IncomingMessage, socket: Socket): void {
  // Without a reader Node would read the rest as fast as it comes.
  request.pause();
  request.read(0);
  lingering += 1;
  socket.once('close', () => (lingering -= 1));
  // What Node calls after an answer that closes. It would close both directions at once, and a client that is still sending would see its
  // connection reset instead of the answer.
  socket.destroySoon = () => {
    socket.end();
    const end = performance.now() + LINGER_MS;
    const look = setInterval(() => {
      request.read();
      if (!request.complete && performance.now() < end) return;
      socket.destroy();
    }, LOOK_MS);
    socket.once('close', () => clearInterval(look));
  };
}
