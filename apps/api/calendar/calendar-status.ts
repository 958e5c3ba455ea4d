import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CalendarHealth } from './calendar-health.js';
import type { CalendarService } from './calendar.service.js';

/** What a calendar says of itself. */
interface CalendarStatus {
  calendar: string;
  /** Whether digests are taken. */
  accepting: boolean;
  /** Why not; absent while they are. */
  reason?: string;
  /** Age of the oldest digest or record that Bitcoin has not confirmed; 0 when there is none. */
  lagSeconds: number;
  /** What the newest transaction without a block commits to, hex; null when there is none. */
  tip: string | null;
  /** What the anchor says of its newest submission. */
  anchor: string;
}

/** Answers `GET /` with the calendar's status when that is what a client asks for; whoever takes HTML, or anything, gets the page.
 * Call it before the page is served: only routes that come later are told apart. */
export function answerStatus(server: FastifyInstance, calendar: CalendarService, health: CalendarHealth): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('vary', 'accept');
    const type = statusType(request.headers.accept);
    if (type === null) return;
    const status = await read(calendar, health);
    reply.headers({ 'cache-control': 'no-cache', 'content-type': `${type}; charset=utf-8` });
    return reply.send(type === 'application/json' ? `${JSON.stringify(status)}\n` : asText(status));
  };
  server.addHook('onRoute', (route) => {
    if (route.url === '/') route.onRequest = [route.onRequest ?? [], answer].flat();
  });
}

/** The form of the status that an Accept header asks for; null for the page. */
function statusType(accept = '*/*'): 'application/json' | 'text/plain' | null {
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]!.trim().toLowerCase());
  if (ranges.includes('text/html')) return null;
  if (ranges.includes('application/json')) return 'application/json';
  return ranges.some((range) => range === 'text/plain' || range === 'application/vnd.opentimestamps.v1')
    ? 'text/plain'
    : null;
}

async function read(calendar: CalendarService, health: CalendarHealth): Promise<CalendarStatus> {
  const [{ refusal, lagSeconds, detail }, tip] = await Promise.all([health.condition(), calendar.tip()]);
  return {
    calendar: calendar.address,
    accepting: refusal === null,
    ...(refusal === null ? {} : { reason: refusal }),
    lagSeconds: Math.round(lagSeconds),
    tip: tip && Buffer.from(tip).toString('hex'),
    anchor: detail,
  };
}

function asText({ calendar, accepting, reason, lagSeconds, tip, anchor }: CalendarStatus): string {
  const lines = [
    `OpenTimestamps calendar at ${calendar}`,
    accepting ? 'takes digests' : `takes no digests: ${reason}`,
    `oldest digest that Bitcoin has not confirmed: ${lagSeconds === 0 ? 'none' : `${lagSeconds} s ago`}`,
    `newest transaction without a block: ${tip ?? 'none'}`,
    `anchor bitcoin: ${anchor}`,
  ];
  return `${lines.join('\n')}\n`;
}
