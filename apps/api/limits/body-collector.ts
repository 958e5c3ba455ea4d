import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Admission } from '../auth/admission.js';
import { Problem } from '../problems/problem.js';
import { BodyBudget, UNCOUNTED_BYTES } from './body-budget.js';
import { REQUEST_COST, WAITING } from './fair-turns.js';
import { limited } from './limited.js';

/** A body of unknown length is counted in steps of so many bytes. */
const STEP_BYTES = 256 * 1024;

/** Stands for the operator where agencies are counted. */
const OPERATOR = 0;

/** Collects whole bodies in memory, bounded for each agency. Credentials were looked at before. */
export class BodyCollector {
  readonly #budget: BodyBudget;

  constructor(
    private readonly bodyLimitBytes: number,
    private readonly admission: Pick<Admission, 'turns' | 'refusals'>,
  ) {
    this.#budget = new BodyBudget(bodyLimitBytes);
  }

  /** Calls `done` in the agency's turn with the whole body, which is the one that was signed where one was; or with the problem. Of a large body the rest is
   * not read where `faultOf` finds one in its start. */
  collect(
    request: FastifyRequest,
    payload: IncomingMessage,
    done: (problem: Error | null, body: Buffer) => void,
    faultOf: (start: Buffer) => Problem | null = () => null,
  ): void {
    const { turns, refusals } = this.admission;
    const { bodyLimitBytes } = this;
    const agencyId = request.agency?.id ?? OPERATOR;
    const announced = Number(request.headers['content-length'] ?? 0);
    const chunks: Buffer[] = [];
    let received = 0;
    let counted = 0;
    const count = (bytes: number) => {
      this.#budget.take(agencyId, bytes);
      // The request itself closes as soon as it was read.
      if (counted === 0) (request.answer ?? request.raw).once('close', () => this.#budget.give(agencyId, counted));
      counted += bytes;
    };
    const fault = (problem: Error) => done(problem, Buffer.alloc(0));
    const refuse = (problem: Error) => {
      // Who sends more than he may waits for the answer, as who has no key does.
      if (!refusals.enter(() => fault(problem))) request.raw.destroy();
    };
    const fail = (error: Error) => {
      payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', fail);
      payload.pause();
      // A reader that went away says so once more.
      payload.on('error', () => undefined);
      refuse(error);
    };
    const tooLarge = () => new Problem('body-too-large', `Expected at most ${bodyLimitBytes} bytes.`);
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      chunks.push(chunk);
      if (received > bodyLimitBytes) return fail(tooLarge());
      const fault = chunks.length === 1 && Math.max(announced, received) > UNCOUNTED_BYTES ? faultOf(chunk) : null;
      if (fault !== null) return fail(fault);
      try {
        if (received > UNCOUNTED_BYTES && received > counted) count(STEP_BYTES);
      } catch (error) {
        fail(error as Error);
      }
    };
    const onEnd = () => {
      const give = () => {
        const body = Buffer.concat(chunks, received);
        const wrong = digestFault(request, body);
        if (wrong === null) done(null, body);
        else fault(wrong);
      };
      if (!turns.enterAgency(agencyId, REQUEST_COST + received, give))
        fault(limited(WAITING, 'Too many requests of one agency wait.'));
    };
    if (announced > bodyLimitBytes) return refuse(tooLarge());
    try {
      if (announced > UNCOUNTED_BYTES) count(announced);
    } catch (error) {
      return refuse(error as Error);
    }
    payload.on('data', onData).on('end', onEnd).on('error', fail);
  }
}

/** Why `body` is not the body of the request, of which only its digest was signed; null where it is. */
export function digestFault({ bodyDigest }: Pick<FastifyRequest, 'bodyDigest'>, body: Uint8Array): Problem | null {
  if (bodyDigest === null || hash('sha256', body, 'buffer').equals(bodyDigest)) return null;
  return new Problem('digest-mismatch', 'Expected the body whose SHA-256 Content-Digest names, got another one.');
}
