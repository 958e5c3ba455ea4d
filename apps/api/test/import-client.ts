import { connect } from 'node:net';
import { expect } from 'vitest';

/** One line of an answer. */
export interface AnswerLine {
  line: number;
  outcome: string;
  id?: string;
  leafHash?: string;
  repeated?: true;
  superseded?: { leafHash: string };
  problem?: { code: string; status: number; detail: string };
}

/** What `GET /v1/imports/{id}` tells. */
export interface ImportStatus {
  committed: number;
  failed: number;
  linesHash?: string;
  groups: { first: number; count: number; failed: number; linesHash: string; receipt?: unknown; includeBy?: string }[];
  next?: number;
}

/** A client of bulk imports, for tests: as simple as one can be. */
export class ImportClient {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** Opens an import; its path. */
  async open(): Promise<string> {
    const answer = await this.request('/v1/imports', { method: 'POST' });
    expect(answer.status).toBe(201);
    return answer.headers.get('location')!;
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...init, headers: { authorization: `Bearer ${this.key}`, ...init.headers } });
  }

  async status(path: string, query = ''): Promise<ImportStatus> {
    return (await (await this.request(path + query)).json()) as ImportStatus;
  }

  /** Sends lines and waits for all that is answered. */
  async send(path: string, offset: number, lines: readonly string[]): Promise<AnswerLine[]> {
    const answer = await this.post(path, offset, lines.map((line) => `${line}\n`).join(''));
    const text = await answer.text();
    expect(answer.status, text.slice(0, 300)).toBe(200);
    return parseLines(text);
  }

  post(path: string, offset: number | string, body: string, contentType = 'application/x-ndjson'): Promise<Response> {
    const headers = { 'content-type': contentType };
    return this.request(`${path}/lines?offset=${offset}`, { method: 'POST', headers, body });
  }

  /** Sends lines and cuts the connection after `cutAt` bytes of the body, both ways at once; resolves when it is cut. */
  async sendCut(path: string, offset: number, body: Buffer, cutAt: number): Promise<void> {
    const { hostname, port } = new URL(this.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined).resume();
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(
      `POST ${path}/lines?offset=${offset} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${this.key}\r\n` +
        `content-type: application/x-ndjson\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => socket.write(body.subarray(0, cutAt), () => resolve()));
    socket.destroy();
  }

  /** Sends what is missing, whoever else may be writing a moment longer, until `lines` have all been taken. */
  async finish(path: string, lines: readonly string[]): Promise<void> {
    for (;;) {
      const { committed } = await this.status(path);
      if (committed === lines.length) return;
      const rest = lines.slice(committed).map((line) => `${line}\n`);
      const answer = await this.post(path, committed, rest.join(''));
      if (answer.status !== 409) expect(answer.status).toBe(200);
      await answer.text();
    }
  }
}

export function parseLines(text: string): AnswerLine[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AnswerLine);
}
