import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { writeProblem } from '../problems/client-error.js';

/** Connections at a time. Beyond, the one without a key that has been open for longest makes room. */
const MAX_CONNECTIONS = 4000;

/** Longest time from the head of a request to the end of its answer: ends who never reads what he asked for. */
const EXCHANGE_LIMIT_MS = 120_000;

/** Pause between two looks for what takes longer. */
const LOOK_MS = 5000;

/** Header lines of one request, at most. */
const MAX_HEADER_LINES = 100;

/** Keeps the connections of a server within bounds, and knows what is under way on them. */
export class Connections {
  readonly #exchanges = new Map<ServerResponse, number>();
  /** Those without a key, oldest first. */
  readonly #strangers = new Set<Socket>();
  /** On which something goes on for longer than others may take. */
  readonly #lasting = new WeakSet<Socket>();
  readonly #wantsContinue = new WeakSet<IncomingMessage>();
  #open = 0;

  constructor(
    server: Server,
    private readonly maxConnections = MAX_CONNECTIONS,
    exchangeLimitMs = EXCHANGE_LIMIT_MS,
  ) {
    server.maxHeadersCount = MAX_HEADER_LINES;
    server.on('connection', (socket) => this.#admit(socket));
    server.prependListener('request', (_request, response) => {
      this.#exchanges.set(response, performance.now());
      response.once('close', () => this.#exchanges.delete(response));
    });
    // Node would ask for the body before anybody has looked at the request's head.
    server.on('checkContinue', (request, response) => {
      this.#wantsContinue.add(request);
      server.emit('request', request, response);
    });
    server.on('checkExpectation', ({ socket }) =>
      writeProblem(socket, 'expectation-failed', 'Expected no expectation but 100-continue.'),
    );
    server.on('connect', (_request, socket) =>
      writeProblem(
        socket as Socket,
        'method-not-allowed',
        'This is no proxy: CONNECT is not taken.',
        'allow: GET, HEAD\r\n',
      ),
    );
    const look = setInterval(() => this.#endOld(exchangeLimitMs), Math.min(LOOK_MS, exchangeLimitMs)).unref();
    server.once('close', () => clearInterval(look));
  }

  /** The connection has shown a key that is right: it does not make room for others. */
  trust(socket: Socket): void {
    this.#strangers.delete(socket);
  }

  /** An exchange that may take any time has moved: the time in which it must move again begins. */
  goOn(response: ServerResponse): void {
    // To the end: they are in the order in which their times began.
    if (!this.#exchanges.delete(response)) return;
    this.#exchanges.set(response, performance.now());
    if (response.socket !== null) this.#lasting.add(response.socket);
  }

  /** Whether requests on this connection may take any time. */
  isLasting(socket: Socket): boolean {
    return this.#lasting.has(socket);
  }

  /** Asks the client for its body when it waits for that. */
  askForBody(request: IncomingMessage, response: ServerResponse): void {
    if (this.#wantsContinue.delete(request)) response.writeContinue();
  }

  /** Makes every answer that has not begun the last one on its connection. */
  closeAfterAnswers(): void {
    for (const response of this.#exchanges.keys()) if (!response.headersSent) response.setHeader('connection', 'close');
  }

  #admit(socket: Socket): void {
    if (this.#open >= this.maxConnections) {
      const [oldest = socket] = this.#strangers;
      oldest.destroy();
      if (oldest === socket) return;
    }
    this.#open += 1;
    this.#strangers.add(socket);
    socket.once('close', () => {
      this.#open -= 1;
      this.#strangers.delete(socket);
    });
  }

  #endOld(limitMs: number): void {
    const now = performance.now();
    for (const [response, startedAtMs] of this.#exchanges) {
      // In the order in which they began.
      if (now - startedAtMs < limitMs) return;
      response.destroy();
    }
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    connections: Connections;
  }
}
