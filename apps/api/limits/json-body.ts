import type { FastifyInstance } from 'fastify';
import type { Admission } from '../auth/admission.js';
import { Problem } from '../problems/problem.js';
import { BodyBudget, UNCOUNTED_BYTES } from './body-budget.js';
import { REQUEST_COST, WAITING } from './fair-turns.js';
import { createJsonReader } from './json-value.js';
import { limited } from './limited.js';

/** A body of unknown length is counted in steps of so many bytes. */
const STEP_BYTES = 256 * 1024;

/** Stands for the operator where agencies are counted. */
const OPERATOR = 0;

/** Takes `application/json` bodies instead of Fastify's parser: bounded for each agency, parsed in its turn. Credentials were looked at before. */
export function takeJsonBodies(server: FastifyInstance, bodyLimitBytes: number, { turns, refusals }: Admission): void {
  const readJson = createJsonReader(server);
  const budget = new BodyBudget(bodyLimitBytes);
  const tooLarge = () => new Problem('body-too-large', `Expected at most ${bodyLimitBytes} bytes.`);

  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', (request, payload, done) => {
    const { bodyType, maxBodyWidth } = request.routeOptions.config;
    if (bodyType !== undefined)
      return done(new Problem('unsupported-media-type', `Expected ${bodyType}, got application/json.`));
    const agencyId = request.agency?.id ?? OPERATOR;
    const announced = Number(request.headers['content-length'] ?? 0);
    const chunks: Buffer[] = [];
    let received = 0;
    let counted = 0;
    const count = (bytes: number) => {
      budget.take(agencyId, bytes);
      // The request itself closes as soon as it was read.
      if (counted === 0) (request.answer ?? request.raw).once('close', () => budget.give(agencyId, counted));
      counted += bytes;
    };
    const refuse = (problem: Error) => {
      // Who sends more than he may waits for the answer, as who has no key does.
      if (!refusals.enter(() => done(problem))) request.raw.destroy();
    };
    const fail = (error: Error) => {
      payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', fail);
      payload.pause();
      // A reader that went away says so once more.
      payload.on('error', () => undefined);
      refuse(error);
    };
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      chunks.push(chunk);
      if (received > bodyLimitBytes) return fail(tooLarge());
      try {
        if (received > UNCOUNTED_BYTES && received > counted) count(STEP_BYTES);
      } catch (error) {
        fail(error as Error);
      }
    };
    const onEnd = () => {
      const parse = () => {
        const body = Buffer.concat(chunks, received);
        const read = readJson(body, maxBodyWidth);
        if ('problem' in read) done(read.problem);
        else done(null, read.value);
      };
      if (!turns.enterAgency(agencyId, REQUEST_COST + received, parse))
        done(limited(WAITING, 'Too many requests of one agency wait.'));
    };
    if (announced > bodyLimitBytes) return refuse(tooLarge());
    try {
      if (announced > UNCOUNTED_BYTES) count(announced);
    } catch (error) {
      return refuse(error as Error);
    }
    payload.on('data', onData).on('end', onEnd).on('error', fail);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The agency whose API key came with the request; null where there was none. */
    agency: import('#database/agency.repository.js').KeyHolder | null;
    /** What it is answered with; null before it is let in. */
    answer: import('node:http').ServerResponse | null;
  }
}
