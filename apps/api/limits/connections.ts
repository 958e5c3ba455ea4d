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

/** Requests of all connections together that wait for the answer before theirs. */
const MAX_WAITING = 20_000;

/** What is under way on a connection. */
interface Line {
  /** The answer that is being made or sent, and since when. */
  current: ServerResponse | null;
  sinceMs: number;
  /** Requests that came meanwhile. */
  waiting: { response: ServerResponse; run: () => void }[];
}

/** Keeps the connections of a server within bounds, and knows what is under way on them. */
export class Connections {
  readonly #lines = new Map<Socket, Line>();
  #waiting = 0;
  #isClosing = false;
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
    const line = response.socket && this.#lines.get(response.socket);
    if (line?.current !== response) return;
    line.sinceMs = performance.now();
    this.#lasting.add(response.socket!);
  }

  /** Whether requests on this connection may take any time. */
  isLasting(socket: Socket): boolean {
    return this.#lasting.has(socket);
  }

  /** Asks the client for its body when it waits for that. */
  askForBody(request: IncomingMessage, response: ServerResponse): void {
    if (this.#wantsContinue.delete(request)) response.writeContinue();
  }

  /** Calls `run` when every earlier request of the same connection is answered and its answer sent: who asks for a hundred answers at a time and
   * reads none is given one. */
  inTurn({ socket }: IncomingMessage, response: ServerResponse, run: () => void): void {
    const line = this.#lines.get(socket);
    if (!line) return run();
    if (line.current === null) return this.#begin(line, { response, run });
    if (this.#waiting >= MAX_WAITING) return void socket.destroy();
    this.#waiting += 1;
    line.waiting.push({ response, run });
  }

  /** Makes every answer that has not begun the last one on its connection. */
  closeAfterAnswers(): void {
    this.#isClosing = true;
    for (const { current } of this.#lines.values())
      if (current && !current.headersSent) current.setHeader('connection', 'close');
  }

  #begin(line: Line, { response, run }: Line['waiting'][number]): void {
    line.current = response;
    line.sinceMs = performance.now();
    if (this.#isClosing) response.setHeader('connection', 'close');
    response.once('close', () => {
      line.current = null;
      const next = line.waiting.shift();
      if (!next) return;
      this.#waiting -= 1;
      this.#begin(line, next);
    });
    run();
  }

  #admit(socket: Socket): void {
    if (this.#open >= this.maxConnections) {
      const [oldest = socket] = this.#strangers;
      oldest.destroy();
      if (oldest === socket) return;
    }
    this.#open += 1;
    this.#strangers.add(socket);
    const line: Line = { current: null, sinceMs: 0, waiting: [] };
    this.#lines.set(socket, line);
    socket.once('close', () => {
      this.#open -= 1;
      this.#strangers.delete(socket);
      this.#lines.delete(socket);
      this.#waiting -= line.waiting.length;
      line.waiting = [];
    });
  }

  #endOld(limitMs: number): void {
    const now = performance.now();
    for (const { current, sinceMs } of this.#lines.values()) if (now - sinceMs >= limitMs) current?.destroy();
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    connections: Connections;
  }
}
