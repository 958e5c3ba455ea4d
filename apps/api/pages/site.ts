import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Problem } from '../problems/problem.js';
import { LogPages } from './log-pages.js';
import { OperatorPages } from './operator-pages.js';
import { RecordPages } from './record-pages.js';
import { type Body, framed, type View, viewFor } from './view.js';

/** What such a page may load: its style and its icon. It has no script, and its form goes nowhere else. */
export const SITE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Memory for finished pages, in characters, and how long they are the newest. */
const CACHE_CHARACTERS = 8_000_000;
const FRESH_MS = 2000;

/** Longest address that is answered by a page. */
const MAX_URL_CHARACTERS = 2000;

interface Page {
  status: number;
  text: string;
  retryAfter?: string | undefined;
}

/** Makes what a page says of what was asked. */
type Make = (
  view: View,
  asked: { params: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> },
) => Promise<Body>;

/** Serves the pages that need no script: lookups, the explorer, the operator. `toProblem` tells what an error comes to. */
export function servePages(
  app: NestFastifyApplication,
  server: FastifyInstance,
  toProblem: (error: unknown, request: FastifyRequest) => Problem,
): void {
  const [log, operator, records] = [LogPages, OperatorPages, RecordPages].map((type) =>
    app.get(type as never, { strict: false }),
  ) as [LogPages, OperatorPages, RecordPages];
  const pages = new LRUCache<string, Page>({
    maxSize: CACHE_CHARACTERS,
    ttl: FRESH_MS,
    sizeCalculation: ({ text }) => text.length,
  });
  const before = (query: Readonly<Record<string, string>>): number | undefined => wholeNumber(query['before']);
  const page = (path: string, make: Make) =>
    server.get(path, async (request, reply) => {
      const { headers, params, url } = request;
      const [address = '', search = ''] = url.split('?', 2);
      const query = Object.fromEntries(new URLSearchParams(search.slice(0, MAX_URL_CHARACTERS)));
      const view = viewFor(address, query, headers['accept-language']);
      const key = `${view.language.tag} ${url}`;
      let made = pages.get(key);
      if (made === undefined) {
        made = await render(
          view,
          () => make(view, { params: params as Record<string, string>, query }),
          (error) => toProblem(error, request),
        );
        if (made.status < 500) pages.set(key, made);
      }
      return send(reply, made);
    });

  page('/lookup', (view, { query }) => records.lookup(view, query['digest']));
  page('/explorer', (view) => log.list(view, undefined));
  page('/explorer/batches', (view, { query }) => log.list(view, before(query)));
  page('/explorer/batches/:number', (view, { params }) => log.batch(view, wholeNumber(params['number']) ?? NaN));
  page('/explorer/checkpoints', (view, { query }) => log.checkpointList(view, before(query)));
  page('/explorer/records/:id', (view, { params }) => records.record(view, params['id'] ?? ''));
  page('/explorer/anchors', (view) => operator.anchors(view));
  page('/explorer/agencies', (view, { query }) => operator.agencyList(view, domainIn(query['after'])));
  page('/operator', (view) => operator.operator(view));
}

/** A domain; the empty text for anything else. */
function domainIn(text = ''): string {
  return /^[a-z0-9.-]{1,253}$/.test(text) ? text : '';
}

/** What is no whole number of up to 15 digits. */
class BadNumber extends Error {}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new BadNumber();
  return Number(text);
}

async function render(view: View, make: () => Promise<Body>, toProblem: (error: unknown) => Problem): Promise<Page> {
  try {
    return { status: 200, text: framed(view, await make()) };
  } catch (error) {
    const { problems } = view.words;
    if (error instanceof BadNumber) return problemPage(view, 400, problems['bad-request']);
    const { details, headers } = toProblem(error);
    const { status } = details;
    if (status === 404) return problemPage(view, status, problems['not-found']);
    if (status === 503) return { ...problemPage(view, status, problems.busy), retryAfter: headers['retry-after'] };
    if (status < 500) return problemPage(view, status, problems['bad-request']);
    return problemPage(view, 500, problems.failed);
  }
}

function problemPage(view: View, status: number, { text, title }: { title: string; text: string }): Page {
  return { status, text: framed(view, { title, lead: text, content: undefined }) };
}

function send(reply: FastifyReply, { retryAfter, status, text }: Page): FastifyReply {
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': SITE_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': status === 200 ? 'public, max-age=2' : 'no-store',
      vary: 'accept-language',
    })
    .send(text);
}
