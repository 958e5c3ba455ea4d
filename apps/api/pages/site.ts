import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MadeOnce } from '../limits/made-once.js';
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

/** Finished pages remembered, some ten kilobytes each, and how long they are the newest. */
const CACHE_PAGES = 500;
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
  const pages = new MadeOnce<string, string>({ most: CACHE_PAGES, ttlMs: FRESH_MS });
  const before = (query: Readonly<Record<string, string>>): number | undefined => wholeNumber(query['before']);
  /** `known`: what the page heeds in a query, beside the language; whatever else stands there makes no page of its own. */
  const page = (path: string, known: readonly string[], make: Make) =>
    server.get(path, async (request, reply) => {
      const { headers, params, url } = request;
      const [address = '', search = ''] = url.split('?', 2);
      const given = new URLSearchParams(search.slice(0, MAX_URL_CHARACTERS));
      const query = Object.fromEntries(
        ['lang', ...known].flatMap((name) => (given.has(name) ? [[name, given.get(name)!]] : [])),
      ) as Record<string, string>;
      const view = viewFor(address, query, headers['accept-language']);
      const asked = { params: params as Record<string, string>, query };
      try {
        const name = [view.language.tag, query['lang'], view.here].join(' ');
        return send(reply, {
          status: 200,
          text: await pages.get(name, async () => framed(view, await make(view, asked))),
        });
      } catch (error) {
        return send(
          reply,
          refusal(view, error, (cause) => toProblem(cause, request)),
        );
      }
    });

  page('/lookup', ['digest'], (view, { query }) => records.lookup(view, query['digest']));
  page('/explorer', [], (view) => log.list(view, undefined));
  page('/explorer/batches', ['before'], (view, { query }) => log.list(view, before(query)));
  page('/explorer/batches/:number', [], (view, { params }) => log.batch(view, wholeNumber(params['number']) ?? NaN));
  page('/explorer/checkpoints', ['before'], (view, { query }) => log.checkpointList(view, before(query)));
  page('/explorer/records/:id', [], (view, { params }) => records.record(view, params['id'] ?? ''));
  page('/explorer/anchors', [], (view) => operator.anchors(view));
  page('/explorer/agencies', ['after'], (view, { query }) => operator.agencyList(view, domainIn(query['after'])));
  page('/operator', [], (view) => operator.operator(view));
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

/** The page that says why there is none. */
function refusal(view: View, error: unknown, toProblem: (error: unknown) => Problem): Page {
  const { problems } = view.words;
  if (error instanceof BadNumber) return problemPage(view, 400, problems['bad-request']);
  const { details, headers } = toProblem(error);
  const { status } = details;
  if (status === 404) return problemPage(view, status, problems['not-found']);
  if (status === 503) return { ...problemPage(view, status, problems.busy), retryAfter: headers['retry-after'] };
  if (status < 500) return problemPage(view, status, problems['bad-request']);
  return problemPage(view, 500, problems.failed);
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
