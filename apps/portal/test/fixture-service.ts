import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { genesisHeader } from '#bitcoin/testing/genesis-header.js';
import type { SampleProof } from '#proof/testing/sample-proof.js';
import type { EvmNode } from '#anchors/evm/testing/evm-node.js';
import type { HeadersService } from '../../api/bitcoin/headers.service.js';
import type { EvmBlocksService } from '../../api/evm/evm-blocks.service.js';
import { Problem } from '../../api/problems/problem.js';

/** The strictest policy that the page must live with. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** How much of a digest the page is to send, and room for candidates in an answer. */
const PREFIX_BITS = 4;
const PAGE_CANDIDATES = 100;

/** What the service passes on of blocks. */
export interface BlockServices {
  headers: HeadersService;
  evmBlocks: EvmBlocksService;
}

/** A service that holds made-up records: the page's own origin in tests. Tests change its members as they go. */
export class FixtureService {
  records: { sample: SampleProof; sealed: boolean; listed?: boolean; text?: string }[] = [];
  key = '';
  /** Block headers by height, hex; the first block's is that of regtest unless a test says otherwise. */
  headers = new Map<number, string>([[0, bytesToHex(genesisHeader('regtest'))]]);
  headersUp = true;
  /** Height of the newest Bitcoin block. */
  tip = 1000;
  /** Nodes of EVM chains by chain id: the fixture asks them as the real service does. */
  evmNodes = new Map<number, EvmNode>();
  /** The real service's own answers about blocks, in the place of all of the above. */
  blocks: BlockServices | undefined;
  /** PEM; undefined when the service trusts no time-stamp authority. */
  timeStampRoots: string | undefined;
  /** What it has measured of how long things take. */
  delays: unknown = { anchors: [] };
  /** When false, every connection is cut without an answer, also for files of the page. */
  up = true;
  /** Paths asked for, with their methods, in order. */
  asked: string[] = [];
  /** Bytes of all request bodies. */
  receivedBytes = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(private readonly page: string) {}

  /** Starts on a free port; returns the page's address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Forgets everything and holds these samples, sealed and listed. */
  hold(...samples: SampleProof[]): void {
    this.records = samples.map((sample) => ({ sample, sealed: true }));
    this.key = samples[0]?.key ?? '';
    this.headers = new Map([
      [0, bytesToHex(genesisHeader('regtest'))],
      ...samples.flatMap(({ blocks }) => blocks.map(({ height, header }) => [height, bytesToHex(header)] as const)),
    ]);
    this.headersUp = true;
    this.tip = 1000;
    this.evmNodes = new Map();
    this.blocks = undefined;
    this.timeStampRoots = undefined;
    this.delays = { anchors: [] };
    this.up = true;
    this.asked = [];
    this.receivedBytes = 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, search, searchParams } = new URL(request.url ?? '/', 'http://page');
    this.asked.push(`${request.method} ${path}${search}`);
    request.on('data', (part: Buffer) => (this.receivedBytes += part.length));
    if (!this.up) {
      request.socket.destroy();
      return;
    }
    if (!path.startsWith('/v1/')) return this.#file(path, response);
    const [, , kind, ...rest] = path.split('/');
    if (kind === 'candidates') return this.#candidates(rest[0], searchParams.get('prefix') ?? '', response);
    if (kind === 'delays') return json(response, 200, this.delays);
    if (kind === 'log') return send(response, 200, 'text/plain', `${this.key}\n`);
    if (this.blocks !== undefined && (kind === 'bitcoin' || kind === 'evm'))
      return answerOf(response, this.blocks, kind, rest);
    if (kind === 'bitcoin' && rest[0] === 'tip') return this.#tip(response);
    if (kind === 'evm') return this.#evmBlock(Number(rest[0]), Number(rest[2]), response);
    if (kind === 'time-stamp-roots')
      return this.timeStampRoots === undefined
        ? problem(response, 404, 'no-time-stamp-roots')
        : send(response, 200, 'application/x-pem-file', this.timeStampRoots);
    if (kind === 'bitcoin') return this.#header(Number(rest[1]), response);
    problem(response, 404, 'not-found');
  }

  #candidates(what: string | undefined, prefix: string, response: ServerResponse): void {
    if (what === undefined)
      return json(response, 200, { bits: PREFIX_BITS, proofBits: PREFIX_BITS, pageSize: PAGE_CANDIDATES });
    const places = this.records
      .filter(({ listed }) => listed !== false)
      .flatMap((record) =>
        Object.values(record.sample.proof.statement.digests as Record<string, string>).map((digest) => ({
          start: digest.slice(0, 16),
          record,
        })),
      )
      .filter(({ start }) => BigInt(`0x1${start}`).toString(2).slice(1).startsWith(prefix))
      .sort((one, other) => (one.start < other.start ? -1 : 1));
    if (what === 'proofs') {
      const lines = new Set(places.map(({ record }) => lineOf(record)));
      return send(response, 200, 'application/x-ndjson', [...lines].join(''));
    }
    const page = Buffer.alloc(5 + 24 * PAGE_CANDIDATES);
    page.writeUInt32BE(places.length);
    for (const [i, { start, record }] of places.entries())
      page.write(start + record.sample.proof.id.replaceAll('-', ''), 5 + 24 * i, 'hex');
    send(response, 200, 'application/octet-stream', page);
  }

  #header(height: number, response: ServerResponse): void {
    if (!this.headersUp) return problem(response, 503, 'header-source-unavailable');
    const header = this.headers.get(height);
    if (header === undefined) return problem(response, 404, 'no-such-block');
    json(response, 200, { height, header, hash: '', source: 'fixture' });
  }

  #tip(response: ServerResponse): void {
    if (!this.headersUp) return problem(response, 503, 'header-source-unavailable');
    json(response, 200, { height: this.tip, source: 'fixture' });
  }

  async #evmBlock(chainId: number, number: number, response: ServerResponse): Promise<void> {
    const node = this.evmNodes.get(chainId);
    if (node === undefined) return problem(response, 404, 'no-such-chain');
    const [block, finalized] = await Promise.all([node.block(number), node.block('finalized')]);
    if (block === null) return problem(response, 404, 'no-such-block');
    json(response, 200, {
      chainId,
      number,
      hash: block.hash.slice(2),
      time: new Date(Number(block.timestamp) * 1000).toISOString(),
      finalizedNumber: finalized === null ? null : Number(finalized.number),
      source: 'fixture',
    });
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const file = join(this.page, normalize(path === '/' ? '/index.html' : path));
    const isFile = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) return problem(response, 404, 'not-found');
    response.writeHead(200, {
      'content-type': MEDIA_TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    });
    createReadStream(file).pipe(response);
  }
}

/** What is told of a record: its proof without a salt, which a service never knew, or how far it is. */
function lineOf({ sample, sealed, text }: FixtureService['records'][number]): string {
  const { salt, ...public_ } = sample.proof;
  const { id } = sample.proof;
  const { agency, profile, receivedAt } = sample.proof.statement;
  if (!sealed) return `${JSON.stringify({ id, stage: 'accepted', agency, profile, receivedAt, anchors: [] })}\n`;
  const proof = text ?? (salt === undefined ? sample.text : JSON.stringify(public_));
  return `${proof.trim()}\n`;
}

async function answerOf(
  response: ServerResponse,
  { evmBlocks, headers }: BlockServices,
  kind: 'bitcoin' | 'evm',
  [first = '', second, number]: string[],
): Promise<void> {
  try {
    if (kind === 'evm') return json(response, 200, await evmBlocks.find(Number(first), Number(number)));
    json(response, 200, await (first === 'tip' ? headers.tip() : headers.find(Number(second))));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem(response, error.details.status, error.code);
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string): void {
  send(
    response,
    status,
    'application/problem+json',
    JSON.stringify({ type: `urn:sealroot:problem:${code}`, title: code, status, code }),
  );
}

function send(response: ServerResponse, status: number, mediaType: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': mediaType, 'cache-control': 'no-store' });
  response.end(body);
}
