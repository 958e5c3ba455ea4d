import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { KeptFile } from '../representations/kept-file.js';
import type { PublishedPage } from './published-pages.service.js';

/** Assets whose name changes with their content. */
const HASHED_FOLDER = 'assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What the page may load: its own files only, and no text of anybody's becomes code. Hashing runs in WebAssembly, in a worker. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the built page consists of. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The page of a gate. */
const GATE_FILE = 'gate.html';

const NOT_BUILT = `The page is not built. Run "npm run build"; the HTTP API works without it: see /docs.\n`;

/** Serves the built page from `folder` at `/`, or says that it is not built; `files` are the pages of one file each, which have policies of their own that name their scripts by hash
 * and let them reach nothing. */
export function servePortal(server: FastifyInstance, folder: string, files: readonly PublishedPage[]): void {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.code(200).type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  // Each file has a route of its own, so that an unknown address is answered by the API's own 404.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = join(entry.parentPath, entry.name).slice(join(folder, sep).length).replaceAll(sep, '/');
    const page = files.find((file) => file.name === name);
    const file = new KeptFile(
      readFileSync(join(folder, name)),
      { ...headersOf(name), ...(page && ownHeaders(page, join(folder, name))) },
      // What is kept for later has the digest that goes with it.
      page === undefined,
    );
    for (const path of name === 'index.html' ? ['/', '/index.html'] : [`/${name}`])
      server.get(path, (request, reply) => file.send(request, reply));
  }
}

function headersOf(name: string): Record<string, string> {
  const type = MEDIA_TYPES[extname(name)];
  if (type === undefined)
    throw new Error(
      `Serving ${name}: expected one of ${Object.keys(MEDIA_TYPES).join(', ')}, got another kind of file`,
    );
  return {
    'content-type': type,
    'content-security-policy': PAGE_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': `camera=(${name.endsWith('.html') ? 'self' : ''}), geolocation=(), microphone=(), payment=(), usb=()`,
    'cache-control': name.startsWith(HASHED_FOLDER) ? FOR_EVER : 'no-cache',
  };
}

function ownHeaders({ name, sha256 }: PublishedPage, path: string): Record<string, string> {
  return {
    'content-security-policy': policyIn(path),
    // RFC 9530.
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    // A phone that gives the camera to no file opens the page of a gate at its address.
    ...(name !== GATE_FILE && { 'content-disposition': `attachment; filename="${name}"` }),
  };
}

/** The policy that a page states itself, and that nobody may show it in a frame, which a page cannot state. */
function policyIn(file: string): string {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  if (policy === undefined) throw new Error(`Serving ${file}: expected a content security policy in it, got none`);
  return `${policy}; frame-ancestors 'none'`;
}
