import { HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { toProblem } from './problem.filter.js';
import { RouteTable } from './route-table.js';

const request = { url: '/v1/records', method: 'POST', headers: {} } as FastifyRequest;
const problemOf = (error: unknown) => toProblem(error, request, new RouteTable(), 1000);
const coded = (code: string, more: object = {}) => Object.assign(new Error('secret detail'), { code, ...more });

/** As Prisma wraps what the driver got from PostgreSQL. */
const fromPrisma = (originalCode: string) =>
  coded('P2039', { meta: { driverAdapterError: { cause: { kind: 'postgres', originalCode } } } });

describe('toProblem', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a server that starts', coded('57P03')],
    ['a server that starts, behind Prisma', fromPrisma('57P03')],
    ['a terminated connection, behind Prisma', fromPrisma('57P01')],
    ['a database that is not there', coded('3D000')],
    ['a database that is not there, behind Prisma', fromPrisma('3D000')],
    ['a password that was changed, behind Prisma', fromPrisma('28P01')],
    ['too many connections, behind Prisma', fromPrisma('53300')],
    ['a connection that never came', new Error('timeout exceeded when trying to connect')],
  ])('calls %s an outage, worth a retry', (_name, error) => {
    const problem = problemOf(error);
    expect(problem.details).toMatchObject({ status: 503, code: 'unavailable' });
    expect(problem.headers['retry-after']).toBe('1');
    expect(problem.cause).toBe(error);
  });

  it.each([
    ['an unknown error', new Error('secret detail')],
    ['a statement that PostgreSQL refused, behind Prisma', fromPrisma('22021')],
    ['an error without a message', new HttpException({}, 500)],
  ])('says nothing of %s', (_name, error) => {
    const { details } = problemOf(error);
    expect(details).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(details)).not.toContain('secret');
  });
});
