import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BitcoinNode } from '../../bitcoin/testing/bitcoin-node.js';
import { FOREIGN_URI, misbehave, REDIRECTED, sendAnswer, type CalendarFault } from './calendar-fault.js';
import {
  aggregate,
  bitcoinAttestation,
  blockMerkleTree,
  follow,
  pendingAttestation,
  serializePath,
  type Step,
} from './calendar-path.js';

/** Longest digest that a calendar accepts, as the reference server. */
const MAX_DIGEST_BYTES = 64;
/** Digests that arrive within this time share one commitment. */
const AGGREGATION_MS = 20;

/** A request as the calendar saw it, for tests that ask what a client did. */
export interface CalendarRequest {
  method: string;
  path: string;
  accept: string | undefined;
}

/** A running OpenTimestamps calendar of the test harness. Its journal is memory: it must not outlive the chain beside it. */
export interface Calendar {
  readonly url: string;
  /** What it does wrong, for submissions and for upgrades; may be changed at any time. */
  fault: { submit: CalendarFault; upgrade: CalendarFault };
  readonly requests: CalendarRequest[];
  /** Puts everything that waits into one transaction of the chain's memory pool. Returns its id, or null when nothing waits. */
  commit(): Promise<string | null>;
  stop(): Promise<void>;
}

/** How a calendar is started. */
export interface CalendarOptions {
  node: BitcoinNode;
  fault?: CalendarFault | undefined;
  /** Blocks that must confirm a transaction before upgrades are handed out; the reference waits for 6. */
  confirmations?: number | undefined;
  /** Time between commitments by itself; without it only {@link Calendar.commit} commits. */
  commitIntervalMs?: number | undefined;
}

/** One transaction of the calendar and the commitments under it. */
interface Stamp {
  transactionId: string;
  raw: Uint8Array;
  /** The 32 bytes in the OP_RETURN output. */
  root: Uint8Array;
  /** Commitment (hex) → its path to the root. */
  paths: Map<string, Step[]>;
  /** Height of the chain when the transaction was sent; it is in no earlier block. */
  sentAt: number;
}

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const reversedHex = (hex: string): Uint8Array => Buffer.from(hex, 'hex').reverse();

/** Starts a calendar on a free port of 127.0.0.1. It blinds every digest with a nonce of its own, aggregates, and answers with a
 * pending attestation over a message of 44 bytes (time ‖ digest ‖ MAC), as the reference server does. */
export async function startCalendar(options: CalendarOptions): Promise<Calendar> {
  const { node, confirmations = 1 } = options;
  const macKey = randomBytes(32);
  const waiting = new Map<string, Uint8Array>();
  const stamps: Stamp[] = [];
  const requests: CalendarRequest[] = [];
  let arrived: { digest: Uint8Array; resolve: (steps: Step[]) => void }[] = [];
  let uri = '';

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  uri = `http://127.0.0.1:${(server.address() as { port: number }).port}`;

  /** Closes the aggregation window: one commitment over everything that arrived in it. */
  function closeWindow(): void {
    const window = arrived;
    arrived = [];
    const blinded = window.map(({ digest }): Step[] => {
      const nonce = createHmac('sha256', macKey).update(digest).update(randomBytes(16)).digest().subarray(0, 16);
      return [{ append: nonce }, 'sha256'];
    });
    const { root, paths } = aggregate(window.map(({ digest }, i) => follow(digest, blinded[i] ?? [])));
    const time = Buffer.alloc(4);
    time.writeUInt32BE(Math.floor(Date.now() / 1000));
    const mac = createHmac('sha256', macKey).update(time).update(root).digest().subarray(0, 8);
    const last: Step[] = [{ prepend: time }, { append: mac }];
    const commitment = follow(root, last);
    waiting.set(Buffer.from(commitment).toString('hex'), commitment);
    window.forEach(({ resolve }, i) => resolve([...(blinded[i] ?? []), ...(paths[i] ?? []), ...last]));
  }

  function submit(digest: Uint8Array): Promise<Step[]> {
    return new Promise((resolve) => {
      if (arrived.length === 0) setTimeout(closeWindow, AGGREGATION_MS);
      arrived.push({ digest, resolve });
    });
  }

  async function commit(): Promise<string | null> {
    if (waiting.size === 0) return null;
    const commitments = [...waiting];
    waiting.clear();
    const { root, paths } = aggregate(commitments.map(([, commitment]) => sha256(commitment)));
    const sentAt = await node.height();
    const sent = await node.sendOpReturn(root);
    const members = commitments.map(([hex], i): [string, Step[]] => [hex, ['sha256', ...(paths[i] ?? [])]]);
    stamps.push({ ...sent, root, sentAt, paths: new Map(members) });
    return sent.transactionId;
  }

  /** Where the commitment stands in the chain now: looked up anew each time, so that a reorganisation is noticed. */
  async function upgrade(commitment: string): Promise<{ steps: Step[]; height: number } | { reason: string }> {
    if (waiting.has(commitment)) return { reason: 'Pending confirmation in Bitcoin blockchain' };
    const stamp = stamps.find(({ paths }) => paths.has(commitment));
    if (!stamp) return { reason: 'Not found' };
    const mined = await node.findTransaction(stamp.transactionId, stamp.sentAt + 1);
    if (!mined && !(await node.rpc<string[]>('getrawmempool')).includes(stamp.transactionId)) {
      // bcoin forgets the transactions of a block that was taken out of the chain.
      await node.rpc('sendrawtransaction', Buffer.from(stamp.raw).toString('hex'));
    }
    const confirmedBy = mined ? (await node.height()) - mined.height + 1 : 0;
    if (!mined || confirmedBy < confirmations) {
      const missing = confirmations - confirmedBy;
      return { reason: `Timestamped by transaction ${stamp.transactionId}; waiting for ${missing} confirmations` };
    }
    const at = Buffer.from(stamp.raw).indexOf(stamp.root);
    const branch = blockMerkleTree(mined.transactionIds.map(reversedHex)).paths[
      mined.transactionIds.indexOf(stamp.transactionId)
    ];
    const steps: Step[] = [
      ...(stamp.paths.get(commitment) ?? []),
      { append: stamp.raw.subarray(at + 32) },
      { prepend: stamp.raw.subarray(0, at) },
      'sha256',
      'sha256',
      ...(branch ?? []),
    ];
    return { steps, height: mined.height };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const path = request.url ?? '';
    requests.push({ method, path, accept: request.headers.accept });
    const asked = path.startsWith(REDIRECTED) ? path.slice(REDIRECTED.length) : path;
    const refuse = (status: number, reason: string) =>
      void response
        .writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'public, max-age=60' })
        .end(reason);

    if (method === 'POST' && asked === '/digest') {
      const fault = calendar.fault.submit;
      if (await misbehave(fault, request, response)) return;
      const digest = await readBody(request);
      if (!digest) return refuse(400, 'digest too long');
      const steps = await submit(digest);
      if (fault === 'wrong-height' || fault === 'wrong-root')
        return sendAnswer(fault, response, serializePath(steps, bitcoinAttestation(1)));
      return sendAnswer(
        fault,
        response,
        serializePath(steps, pendingAttestation(fault === 'foreign' ? FOREIGN_URI : uri)),
      );
    }
    const commitment = /^\/timestamp\/([0-9a-f]*)$/.exec(asked)?.[1];
    if (method === 'GET' && commitment !== undefined) {
      const fault = calendar.fault.upgrade;
      if (await misbehave(fault, request, response)) return;
      if (fault === 'wrong-root')
        return sendAnswer(
          fault,
          response,
          serializePath([{ append: randomBytes(4) }, 'sha256'], bitcoinAttestation(1)),
        );
      const upgraded = await upgrade(commitment);
      if ('reason' in upgraded) return refuse(404, upgraded.reason);
      const height = fault === 'wrong-height' ? upgraded.height - 1 : upgraded.height;
      return sendAnswer(fault, response, serializePath(upgraded.steps, bitcoinAttestation(height)));
    }
    if (method === 'GET' && asked === '/')
      return void response.end('OpenTimestamps calendar of the Sealroot sandbox\n');
    refuse(404, 'Not found');
  }

  const timer =
    options.commitIntervalMs === undefined
      ? undefined
      : setInterval(() => {
          commit().catch((error: unknown) => console.error(`The sandbox calendar could not commit: ${String(error)}`));
        }, options.commitIntervalMs);

  const calendar: Calendar = {
    url: uri,
    fault: { submit: options.fault ?? 'none', upgrade: options.fault ?? 'none' },
    requests,
    commit,
    async stop() {
      clearInterval(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return calendar;
}

/** The body of a submission; null when it is empty or longer than a digest may be. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_DIGEST_BYTES) return null;
    chunks.push(chunk);
  }
  return length === 0 ? null : Buffer.concat(chunks);
}
