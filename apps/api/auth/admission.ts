import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isApiKey, type KeyHolder, type KeyScope } from '#database/agency.repository.js';
import { ADMIN_TOKEN, AdminToken } from '#keys/admin-token.js';
import { digestFault } from '../limits/body-collector.js';
import type { Connections } from '../limits/connections.js';
import { FairTurns, REQUEST_COST, WAITING } from '../limits/fair-turns.js';
import { limited, overloaded } from '../limits/limited.js';
import { Quotas } from '../limits/quotas.js';
import { Refusals } from '../limits/refusals.js';
import { announcesBody, leaveUnread } from '../limits/unread-body.js';
import { Problem } from '../problems/problem.js';
import type { RouteTable } from '../problems/route-table.js';
import { AgencyCache } from './agency-cache.js';
import { isSigned } from './http-signature.js';
import type { KnownKey } from './key-cache.js';
import { SignedRequests } from './signed-requests.js';
import { bearerToken, hasBearerToken, unauthorized } from './bearer.js';

/** Who may use a route: an agency; everybody, but an agency sees more; the operator; an agency or the operator. */
export type Security = 'apiKey' | 'optionalApiKey' | 'adminToken' | 'apiKeyOrAdminToken';

/** What a route says of itself; one that says nothing is for everybody and takes no body. */
export interface RouteTerms {
  security?: Security;
  /** What a key must be good for. */
  scope?: KeyScope;
  /** Whether a body is read. */
  takesBody?: boolean;
  /** Whether it heeds an `Idempotency-Key`. */
  idempotent?: boolean;
  /** Media type of the body where it is not JSON. */
  bodyType?: string;
  /** Most elements of one list in its body, where that is more than elsewhere. */
  maxBodyWidth?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteTerms {}
}

const NO_BODY = new Uint8Array(0);

type Done = (error?: Error) => void;

/** Lets requests in: who it is, and whether it is his turn, is known before a byte of a body is read. */
@Injectable()
export class Admission {
  readonly turns = new FairTurns();
  readonly refusals = new Refusals();

  constructor(
    private readonly agencies: AgencyCache,
    private readonly signatures: SignedRequests,
    @Inject(ADMIN_TOKEN) private readonly token: AdminToken,
    private readonly quotas: Quotas,
  ) {}

  /** Calls `done` when the request may go on, or with the problem that it is answered with. Puts the agency on the request. */
  admit(request: FastifyRequest, reply: FastifyReply, connections: Connections, routes: RouteTable, done: Done): void {
    request.answer = reply.raw;
    connections.inTurn(request.raw, reply.raw, () => this.#admit(request, reply, connections, routes, done));
  }

  #admit(request: FastifyRequest, reply: FastifyReply, connections: Connections, routes: RouteTable, done: Done): void {
    const goOn = () => {
      const fault = this.#bodyFault(request);
      if (fault) return done(fault);
      connections.askForBody(request.raw, reply.raw);
      if (!request.routeOptions.config.takesBody) leaveUnread(request, reply);
      done();
    };
    const { security, scope = 'admin' } = request.routeOptions.config;
    const signed = isSigned(request.headers);
    try {
      const isForKeys =
        security === 'apiKey' ||
        (security === 'optionalApiKey' && (signed || hasBearerToken(request))) ||
        (security === 'apiKeyOrAdminToken' && (signed || isApiKey(bearerToken(request))));
      if (isForKeys) {
        const settle = (known: KnownKey | null) => {
          const fault = known
            ? known.check(scope, request.ip)
            : unauthorized('The API key is unknown, wrong, revoked or expired.');
          // Where a key is not needed, one that is not good for more than everybody sees adds nothing.
          const isMissed = security !== 'optionalApiKey' || fault?.code !== 'insufficient-scope';
          if (known === null || (fault !== null && isMissed)) return this.#refuse(request, fault!, done);
          if (fault === null) request.agency = known.agency;
          connections.trust(request.raw.socket);
          const isSubmission = request.method === 'POST' && (scope === 'submit' || scope === 'status');
          if (!isSubmission) return this.#admitAgency(request, known.agency, goOn, done);
          const over = this.quotas.countRequest(known.agency, reply);
          if (over === null) this.#admitAgency(request, known.agency, goOn, done);
          else void settleOver(over, (problem) => this.#admitCounted(request, known.agency, problem, goOn, done), done);
        };
        if (signed && hasBearerToken(request))
          throw unauthorized('Expected either a bearer token or a signature, got both.');
        // A known key takes the synchronous way: this stands before the busiest route.
        const known = signed ? this.signatures.admit(request) : this.agencies.find(bearerToken(request));
        const fail = (error: Error) =>
          error instanceof Problem && error.code === 'unauthorized' ? this.#refuse(request, error, done) : done(error);
        if (known instanceof Promise) void settleLater(known, settle, fail);
        else settle(known);
        return;
      }
      if (security === 'adminToken' || security === 'apiKeyOrAdminToken') {
        this.#checkOperator(request);
        return goOn();
      }
    } catch (problem) {
      return this.#refuse(request, problem as Problem, done);
    }
    this.#inTurn(request, done, () => (request.is404 ? done(routes.unknown(request)) : goOn()));
  }

  /** Waits for the agency's next turn, whatever it has in work besides; `workedMs` is how long it worked since the last. */
  turn(agencyId: number, workedMs: number): Promise<void> {
    return new Promise((resolve) => {
      // What is under way must not be turned away.
      if (!this.turns.enterAgain(agencyId, workedMs, resolve)) setImmediate(resolve);
    });
  }

  #admitAgency(request: FastifyRequest, agency: KeyHolder, goOn: () => void, done: Done): void {
    // A request with a body waits for its turn when the body is there.
    if (announcesBody(request.headers)) return goOn();
    this.#agencyTurn(agency, goOn, done);
  }

  /** Lets a request in whose quota the database was asked for, or (`over`) refuses it in the agency's turn, with its body unread. */
  #admitCounted(request: FastifyRequest, agency: KeyHolder, over: Problem | null, goOn: () => void, done: Done): void {
    if (over === null) this.#admitAgency(request, agency, goOn, done);
    else this.#agencyTurn(agency, () => done(over), done);
  }

  #agencyTurn({ id }: KeyHolder, run: () => void, done: Done): void {
    if (!this.turns.enterAgency(id, REQUEST_COST, run)) done(limited(WAITING, 'Too many requests of one agency wait.'));
  }

  #inTurn(request: FastifyRequest, done: Done, run: () => void): void {
    if (this.turns.enterPublic(addressOf(request), run)) return;
    done(overloaded('all-waiting', 'Too many requests without a key wait.'));
  }

  #refuse(request: FastifyRequest, problem: Problem, done: Done): void {
    this.#inTurn(request, done, () => {
      // Beyond all measure: an answer would cost more than it tells.
      if (!this.refusals.enter(() => done(problem))) request.raw.destroy();
    });
  }

  /** @throws Problem `admin-disabled`, `unauthorized` */
  #checkOperator(request: FastifyRequest): void {
    if (!this.token.enabled) throw new Problem('admin-disabled', 'Set ADMIN_TOKEN or ADMIN_TOKEN_FILE to use them.');
    if (!this.token.matches(bearerToken(request))) throw unauthorized('The admin token is wrong.');
  }

  #bodyFault(request: FastifyRequest): Problem | null {
    const { headers, method, routeOptions } = request;
    if (!announcesBody(headers)) return digestFault(request, NO_BODY);
    const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (routeOptions.config.takesBody && encoding !== 'identity') {
      const detail = `Expected a body without content-encoding, got ${JSON.stringify(encoding)}.`;
      return new Problem('unsupported-media-type', detail, { headers: { 'accept-encoding': 'identity' } });
    }
    // Fastify never parses a body of GET and HEAD.
    if (routeOptions.config.takesBody || method === 'GET' || method === 'HEAD') return null;
    return new Problem('bad-request', 'Expected no body at this address.');
  }
}

async function settleLater(
  known: Promise<KnownKey | null>,
  settle: (known: KnownKey | null) => void,
  fail: (error: Error) => void,
): Promise<void> {
  try {
    settle(await known);
  } catch (error) {
    fail(error as Error);
  }
}

async function settleOver(
  over: Problem | Promise<Problem | null>,
  settle: (over: Problem | null) => void,
  done: Done,
): Promise<void> {
  try {
    settle(await over);
  } catch (error) {
    done(error as Error);
  }
}

/** An address as it is counted: of IPv6 its /64, of which one subscriber has all. */
function addressOf(request: FastifyRequest): string {
  // Who has gone by now has no address any more.
  const ip = (request.ip as string | undefined) ?? '';
  if (!ip.includes(':') || ip.includes('.')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0')].slice(0, 4).join(':');
}
