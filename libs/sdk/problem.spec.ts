import { describe, expect, expectTypeOf, it } from 'vitest';
import { PROBLEMS, type ProblemCode as ServiceProblemCode } from '../../apps/api/problems/problem.js';
import { describeProblem, PROBLEM_CODES, type ProblemCode, readProblem } from './problem.js';

describe('problems', () => {
  it('are those that the service has: whoever adds one adds it to PROBLEM_CODES', () => {
    expect(PROBLEM_CODES.toSorted()).toEqual(Object.keys(PROBLEMS).sort());
    expectTypeOf<ProblemCode>().toEqualTypeOf<ServiceProblemCode>();
  });

  it('are named by their code, or by the end of their type', () => {
    expect(readProblem({ code: 'busy', type: 'urn:sealroot:problem:other' })).toMatchObject({ code: 'busy' });
    expect(readProblem({ type: 'urn:sealroot:problem:busy' }, 503)).toMatchObject({ code: 'busy', status: 503 });
    expect(readProblem({ type: 'https://iana.org/assignments/http-problem-types#later' })?.code).toBe('unknown');
    for (const value of [null, undefined, [], 'busy', {}, { title: 'busy' }])
      expect(readProblem(value)).toBeUndefined();
  });

  it('are told in a line, with every fault', () => {
    const errors = [
      { pointer: '/profile', detail: 'expected one' },
      { pointer: '', detail: 'expected more' },
      { pointer: 7 },
    ];
    const problem = readProblem({ code: 'invalid-record', detail: 'It is not valid.', errors })!;
    expect(describeProblem(problem)).toBe(
      'It is not valid. [invalid-record] (/profile: expected one; the item: expected more)',
    );
    expect(describeProblem(readProblem({ code: 'later', detail: 'Some day.' })!)).toBe('Some day. [later]');
  });
});
