import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PublishedPage } from './published-pages.service.js';

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

/** The page of a gate. */
const GATE_FILE = 'gate.html';

const NOT_BUILT = `The page is not built. Run "npm run build"; the HTTP API works without it: see /docs.\n`;

/** Serves the built page from `folder` at `/`, or says that it is not built; `files` are the pages of one file each, which have policies of their own that name their scripts by hash
 * and let them reach nothing. */
export async function servePortal(
  server: FastifyInstance,
  folder: string,
  files: readonly PublishedPage[],
): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.code(200).type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  const policies = new Map(
    files.map((file) => [file.name as string, { file, policy: policyIn(join(folder, file.name)) }]),
  );
  // Without a wildcard each file gets a route of its own, so that an unknown address is answered by the API's own 404.
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: false,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => {
      const name = basename(path);
      const own = policies.get(name);
      (reply as unknown as FastifyReply).headers({
        'content-security-policy': own?.policy ?? PAGE_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': `camera=(${path.endsWith('.html') ? 'self' : ''}), geolocation=(), microphone=(), payment=(), usb=()`,
        'cache-control': path.includes(HASHED_FOLDER) ? FOR_EVER : 'no-cache',
        // RFC 9530.
        ...(own && { 'repr-digest': `sha-256=:${Buffer.from(own.file.sha256, 'hex').toString('base64')}:` }),
        // A phone that gives the camera to no file opens the page of a gate at its address.
        ...(own && name !== GATE_FILE && { 'content-disposition': `attachment; filename="${name}"` }),
      });
    },
  });
}

/** The policy that a page states itself, and that nobody may show it in a frame, which a page cannot state. */
function policyIn(file: string): string {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  if (policy === undefined) throw new Error(`Serving ${file}: expected a content security policy in it, got none`);
  return `${policy}; frame-ancestors 'none'`;
}
