import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { serializeTimestamp } from '#ots/codec.js';
import type { Attestation } from '#ots/attestation.js';
import { pathFrom } from '#ots/timestamp-path.js';

/** An HTTP server of a unit test that behaves like a calendar, as far as the test says. */
export interface TestCalendar {
  url: string;
  /** Bodies of submissions and commitments of upgrades, in order. */
  digests: Buffer[];
  commitments: string[];
  accepts: (string | undefined)[];
  /** Replaces the answer to a submission, or to an upgrade; `null` gives 404. */
  onSubmit: (digest: Buffer, response: ServerResponse) => Uint8Array | null | void;
  onUpgrade: (message: Buffer, response: ServerResponse) => Uint8Array | null | void;
  close(): Promise<void>;
}

/** The path of a calendar's promise: eight bytes of its own, so that no two calendars promise for one message. */
const promisedPath = (digest: Uint8Array, uri: string) =>
  pathFrom(digest).append(createHash('sha256').update(uri).digest().subarray(0, 8)).sha256();

/** The answer to a submission: the calendar's path, then its promise. */
export const promise = (digest: Uint8Array, uri: string): Uint8Array =>
  serializeTimestamp(promisedPath(digest, uri).end([{ type: 'pending', uri }]));

/** The message at the end of {@link promise}. */
export const commitmentOf = (digest: Uint8Array, uri: string): Uint8Array => promisedPath(digest, uri).message;

/** The answer to an upgrade: one more hash, then these attestations. */
export const upgradeTo = (message: Uint8Array, ...attestations: Attestation[]): Uint8Array =>
  serializeTimestamp(pathFrom(message).sha256().end(attestations));

/** The message that {@link upgradeTo} attests. */
export const attested = (message: Uint8Array): Uint8Array => pathFrom(message).sha256().message;

/** Starts one on a free port; by itself it promises everything and has nothing yet. */
export async function startTestCalendar(): Promise<TestCalendar> {
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const calendar: TestCalendar = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    digests: [],
    commitments: [],
    accepts: [],
    onSubmit: (digest) => promise(digest, calendar.url),
    onUpgrade: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    calendar.accepts.push(request.headers.accept);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    let answer: Uint8Array | null | void;
    if (request.method === 'POST' && request.url === '/digest') {
      const digest = Buffer.concat(chunks);
      calendar.digests.push(digest);
      answer = calendar.onSubmit(digest, response);
    } else {
      const hex = request.url?.replace('/timestamp/', '') ?? '';
      calendar.commitments.push(hex);
      answer = calendar.onUpgrade(Buffer.from(hex, 'hex'), response);
    }
    if (answer === undefined) return;
    if (answer === null) response.writeHead(404).end('Pending confirmation in Bitcoin blockchain');
    else response.end(answer);
  }
  return calendar;
}
