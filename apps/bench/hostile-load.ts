import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

/** What the harm is done with. */
export interface Target {
  url: string;
  connections: number;
  /** Of an agency that is not the one whose posts are measured. */
  apiKey: string;
  /** Hex; many records carry it. */
  digest: string;
  /** Records of anybody, and the number of batches. */
  ids: string[];
  batches: number;
}

/** A process that does nothing but harm: `node hostile-load.js <kind> <target as JSON>`, until it is stopped. */
const isProgram = process.argv[1] === fileURLToPath(import.meta.url);
const [kind, target] = isProgram ? process.argv.slice(2) : [];
const {
  url = '',
  connections = 0,
  apiKey = '',
  digest = '',
  ids = [],
  batches = 0,
} = JSON.parse(target ?? '{}') as Partial<Target>;

/** The largest body that is taken unless it is set otherwise. */
const BODY_BYTES = 4 * 1024 * 1024;

/** Pause between two bytes of one who is slow. */
const SLOW_MS = 100;

type Request = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string };

const json = { 'content-type': 'application/json' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const deep = '[{"a":'.repeat(BODY_BYTES / 6);

/** A thousand records, each as costly as one may be. */
const costly = JSON.stringify(
  Array.from({ length: 1000 }, (_, i) => ({
    profile: 'generic@1',
    digests: { sha256: sha256(`hostile ${i}`), sm3: sha256(`sm3 ${i}`) },
    claims: Object.fromEntries(Array.from({ length: 150 }, (_, k) => [`k${k}`, [k]])),
  })),
);

function flood(next: () => Request): void {
  void autocannon({
    url,
    connections,
    duration: 3600,
    timeout: 60,
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  });
}

/** Keeps as many connections open as were asked for, each used by `use`. */
function hold(use: (socket: Socket) => void): void {
  const { hostname, port } = new URL(url);
  const open = () => {
    const socket = connect(Number(port), hostname, () => use(socket));
    socket.on('error', () => undefined);
    socket.once('close', () => setImmediate(open));
  };
  for (let i = 0; i < connections; i += 1) open();
}

function slowly(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), SLOW_MS);
  socket.once('close', () => clearInterval(timer));
}

let count = 0;

const one = <T>(many: readonly T[]): T => many[count++ % many.length]!;
const place = () => randomBytes(24).toString('hex');
const numbers = Array.from({ length: batches }, (_, number) => number);
const allProofs = JSON.stringify({ records: ids });

/** Every batch in turn, and the whole. */
const since = () => {
  const number = count++ % (batches + 1);
  return number === batches ? '' : `?since=${number}`;
};

const LISTS = [
  '/v1/agencies',
  '/v1/agencies/hostile.example/signing-keys',
  '/v1/agencies/unknown.example/signing-keys',
  '/v1/anchors',
  '/v1/batches',
  '/v1/log/checkpoint',
  '/v1/delays',
  '/v1/candidates',
];

const FILES = ['/', '/offline.html', '/gate.html', '/openapi.json', '/docs', '/docs/swagger-ui-bundle.js'];

/** Each address but once, which is what makes a page. */
const pages = [
  () => `/lookup?digest=${digest}&${count}`,
  () => `/lookup?digest=${randomBytes(32).toString('hex')}`,
  () => `/explorer/batches?before=${1 + (count % batches)}&${count}`,
  () => `/explorer/batches/${count % batches}?${count}`,
  () => `/explorer/checkpoints?${count}`,
  () => `/explorer/records/${one(ids)}?${count}`,
  () => `/explorer/agencies?${count}`,
  () => `/operator?${count}`,
];

const KINDS: Record<string, () => void> = {
  'bodies without a key': () =>
    hold((socket) => {
      socket.resume();
      socket.write(
        `POST /v1/records HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`,
      );
      socket.write(deep);
    }),
  'deep bodies of another agency': () =>
    flood(() => ({
      method: 'POST',
      path: '/v1/records',
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: deep,
    })),
  'costly bodies of another agency': () =>
    flood(() => ({
      method: 'POST',
      path: '/v1/records',
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: costly,
    })),
  'wrong keys': () =>
    flood(() => ({
      method: 'GET',
      path: '/v1/records?reference=a',
      headers: {
        authorization: `Bearer sr_${randomBytes(4).toString('hex')}_${randomBytes(32).toString('base64url')}`,
      },
    })),
  'lookups of one digest': () =>
    // Another limit each time, so that no page is one that somebody has just asked for.
    flood(() => ({ method: 'GET', path: `/v1/lookup/sha256/${digest}?limit=${1 + (count++ % 100)}` })),
  // Another place each time, so that nothing is remembered.
  'private lookups': () => flood(() => ({ method: 'GET', path: `/v1/candidates/page?prefix=&after=${place()}` })),
  'proofs of private lookups': () =>
    flood(() => ({ method: 'GET', path: `/v1/candidates/proofs?prefix=&after=${place()}` })),
  'proofs of records': () => flood(() => ({ method: 'GET', path: `/v1/records/${one(ids)}/proof?status=latest` })),
  'proofs in bulk of another agency': () =>
    flood(() => ({
      method: 'POST',
      path: '/v1/proofs',
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: allProofs,
    })),
  // Without accept-encoding, so that each is unpacked.
  'gate packs': () => flood(() => ({ method: 'GET', path: `/v1/gate-pack${since()}` })),
  'status packs': () => flood(() => ({ method: 'GET', path: `/v1/status/pack${since()}` })),
  'status lists': () => flood(() => ({ method: 'GET', path: '/v1/status-lists/0', headers: { host: `h${count++}` } })),
  'tiles and entries': () =>
    flood(() => ({
      method: 'GET',
      path: count++ % 2 ? '/v1/log/entries/0' : `/v1/batches/${one(numbers)}/tile/0/000`,
    })),
  'explorer pages': () => flood(() => ({ method: 'GET', path: one(pages)() })),
  'well-known documents': () =>
    flood(() => ({ method: 'GET', path: `/.well-known/${count++ % 2 ? 'sealroot.json' : 'jwks.json'}?${count}` })),
  lists: () => flood(() => ({ method: 'GET', path: one(LISTS) })),
  'records and histories': () =>
    flood(() => ({ method: 'GET', path: `/v1/records/${one(ids)}${count % 2 ? '' : '/history'}` })),
  'codes on paper': () => flood(() => ({ method: 'GET', path: `/v1/records/${one(ids)}/qr` })),
  'files of the page': () => flood(() => ({ method: 'GET', path: one(FILES) })),
  'probes and metrics': () => flood(() => ({ method: 'GET', path: count++ % 2 ? '/metrics' : '/readyz' })),
  'slow bodies': () =>
    hold((socket) => {
      socket.resume();
      const key = count++ % 2 ? `authorization: Bearer ${apiKey}\r\n` : '';
      socket.write(
        `POST /v1/records HTTP/1.1\r\nhost: a\r\n${key}content-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`,
      );
      slowly(socket, '[');
    }),
  'slow heads': () =>
    hold((socket) => {
      socket.resume();
      socket.write('GET /livez HTTP/1.1\r\n');
      slowly(socket, 'x: y\r\n');
    }),
  'answers that nobody reads': () =>
    hold((socket) => {
      socket.pause();
      socket.write('GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(100));
    }),
};

/** Their names, in the order in which they are measured. */
export const HOSTILE_KINDS = Object.keys(KINDS);

if (kind !== undefined && kind in KINDS) KINDS[kind]!();
