import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CannedSource, cannedServers, cannedUrl } from './canned-source.js';

/** Canned sources as servers on loopback, for what cannot be handed a `fetch`. Which source stands in which place can change at any time. */
export class CannedHttp {
  #sources: readonly CannedSource[] = [];
  readonly #servers: Server[];

  /** `places`: most sources at one time. */
  constructor(places: number) {
    this.#servers = Array.from({ length: places }, (_, place) =>
      createServer((request, response) => void this.#answer(place, request, response)),
    );
  }

  async start(): Promise<void> {
    for (const server of this.#servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** From now on these sources answer, each in its place. */
  serve(sources: readonly CannedSource[]): void {
    this.#sources = sources;
  }

  /** Address of the source in a place. */
  url(place: number): string {
    return `http://127.0.0.1:${(this.#servers[place]!.address() as AddressInfo).port}`;
  }

  async #answer(place: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    let answer: Response;
    try {
      answer = await cannedServers(this.#sources)(cannedUrl(place) + request.url, { body });
    } catch (error) {
      // That a source refuses connections is told as an exception; a connection that is cut is as near as a server can come.
      if (!(error instanceof TypeError)) throw error;
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}
