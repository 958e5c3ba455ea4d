import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Assets whose name changes with their content. */
const HASHED_FOLDER = '/assets/';
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

/** The page of a gate (apps/portal/gate): one file with a policy of its own, which names its script by hash and lets it reach nothing. */
const GATE_FILE = 'gate.html';

const NOT_BUILT = `The page is not built. Run "npm run build"; the HTTP API works without it: see /docs.\n`;

/** Serves the built page from `folder` at `/`, or says that it is not built. */
export async function servePortal(server: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.code(200).type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  const gatePolicy = policyIn(join(folder, GATE_FILE));
  // Without a wildcard each file gets a route of its own, so that an unknown address is answered by the API's own 404.
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: false,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      const isGate = gatePolicy !== null && path.endsWith(GATE_FILE);
      const readsCodes = path.endsWith('.html');
      (reply as unknown as FastifyReply).headers({
        'content-security-policy': isGate ? gatePolicy : PAGE_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': `camera=(${readsCodes ? 'self' : ''}), geolocation=(), microphone=(), payment=(), usb=()`,
        'cache-control': path.includes(HASHED_FOLDER) ? FOR_EVER : 'no-cache',
      });
    },
  });
}

/** The policy that a page states itself, and that nobody may show it in a frame, which a page cannot state; null where there is no such page. */
function policyIn(file: string): string | null {
  if (!existsSync(file)) return null;
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  if (policy === undefined) throw new Error(`Serving ${file}: expected a content security policy in it, got none`);
  return `${policy}; frame-ancestors 'none'`;
}
