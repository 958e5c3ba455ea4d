import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLAIMS_MAX_BYTES, CLAIMS_MAX_DEPTH } from './claims.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES } from './digest.js';
import { canonicalize } from './jcs.js';
import { findPersonalNumber } from './personal-number.js';
import { type Profile, PROFILES } from './profile.js';
import { parseRecordRequest, type RecordRequest } from './record-request.js';
import { recordRequestSchema } from './record-request-schema.js';
import { buildRecordStatement, formatStatement, parseStatement } from './statement.js';

const sha256 = 'ab'.repeat(32);
const good = { digests: { sha256 }, profile: 'generic@1' };
const accepted = (value: unknown): RecordRequest => {
  const result = parseRecordRequest(value);
  if ('error' in result) throw new Error(JSON.stringify(result.error));
  return result.ok;
};
const faults = (value: unknown): Record<string, string> => {
  const result = parseRecordRequest(value);
  if ('ok' in result) throw new Error(`expected a refusal of ${JSON.stringify(value)}`);
  expect(result.error.code).toBe('invalid-record');
  return Object.fromEntries(result.error.errors.map(({ pointer, detail }) => [pointer, detail]));
};

const hex = (bytes: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const digests = fc
  .record(Object.fromEntries(DIGEST_ALGORITHMS.map((algorithm) => [algorithm, hex(DIGEST_BYTES[algorithm])])), {
    requiredKeys: [],
  })
  .filter((value) => Object.keys(value).length > 0);
const isImpersonal = (value: string | number) => findPersonalNumber(String(value)) === null;
const claims = fc.dictionary(
  fc.string({ maxLength: 8, unit: 'binary' }).filter((name) => name !== '__proto__'),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger().filter(isImpersonal),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.nat()),
  ),
  { maxKeys: 5 },
);
const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
/** Whether the profile's JSON Schema leaves claims open. */
const takesAnyClaims = ({ claims: schema }: Profile) => !Object.hasOwn(schema, 'additionalProperties');
/** Any record that must be accepted. */
const records = fc
  .tuple(
    digests,
    fc.constantFrom(...PROFILES),
    fc.boolean(),
    fc.record(
      {
        reference: fc.stringMatching(/^[ -~\u4e00-\u9fff]{1,64}$/).filter(isImpersonal),
        claims,
        times: fc.tuple(time, time),
        supersedes: fc.constant('019ca868-447b-7000-8000-000000000000'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([given, profile, blind, { reference, claims: facts, times, supersedes }]) => {
    const [from, until] = times?.toSorted((a, b) => a.getTime() - b.getTime()) ?? [];
    return {
      digests: given,
      profile: profile.id,
      ...(blind || profile.entropy === 'blinded' ? { blinded: true } : {}),
      ...(reference === undefined ? {} : { reference }),
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(facts === undefined
        ? {}
        : { claims: takesAnyClaims(profile) ? facts : { class: 'B', serial: 7, valid: true } }),
      ...(from === undefined || until === undefined
        ? {}
        : { validFrom: from.toISOString(), validUntil: until.toISOString() }),
    };
  })
  .filter(({ claims: facts }) => facts === undefined || Buffer.byteLength(canonicalize(facts)) <= CLAIMS_MAX_BYTES);

describe('a record as posted', () => {
  it('becomes, through the fast writer, exactly the statement that the strict reader accepts', () => {
    fc.assert(
      fc.property(records, hex(16), (record, nonce) => {
        const { claimsJcs, ...request } = accepted(record);
        const receivedAt = '2026-03-01T08:00:00.123Z';
        const agency = 'mr.example.gov';
        const text = buildRecordStatement({ ...request, claimsJcs, agency, receivedAt, nonce });
        const parsed: unknown = JSON.parse(text);
        expect(formatStatement(parseStatement(parsed))).toBe(text);
        expect(canonicalize(parsed)).toBe(text);
        expect(parsed).toEqual({ ...record, v: 1, kind: 'record', agency, receivedAt, nonce });
      }),
    );
  });

  it('is accepted by the published schema whenever the parser accepts it', () => {
    fc.assert(
      fc.property(records, (record) => {
        accepted(record);
        expect(recordRequestSchema.safeParse(record).success).toBe(true);
      }),
    );
  });

  it('is refused where its claims are not what its profile asks for, with a pointer to the claim', () => {
    const claim = (profile: string, claims: unknown) => parseRecordRequest({ ...good, profile, blinded: true, claims });
    expect(claim('invoice@1', { total: '12.50', currency: 'EUR', shop: 'a-17' })).toHaveProperty('ok');
    for (const [profile, claims, pointer] of [
      ['invoice@1', { total: 12.5 }, '/claims/total'],
      ['permit@1', { holder: '王小明' }, '/claims/holder'],
      ['company@1', { country: { code: 'NL' } }, '/claims/country'],
    ] as const) {
      const answer = claim(profile, claims);
      expect('error' in answer && answer.error.errors, profile).toMatchObject([
        { pointer, detail: expect.stringContaining(`expected what ${profile} asks of its claims`) as unknown },
      ]);
    }
  });

  it('has its times brought into UTC with milliseconds', () => {
    const record = { ...good, validFrom: '2026-03-01T08:00:00+08:00', validUntil: '2026-03-01T00:00:00.9999Z' };
    expect(accepted(record)).toMatchObject({
      validFrom: '2026-03-01T00:00:00.000Z',
      validUntil: '2026-03-01T00:00:00.999Z',
    });
  });

  const shapes: Record<string, [unknown, string, RegExp]> = {
    'not an object': [[], '', /expected a record object, got an array of 0/],
    null: [null, '', /got null/],
    'a successor of no record': [{ ...good, supersedes: 'x' }, '/supersedes', /expected a record id/],
    'an unknown member': [{ ...good, colour: 1 }, '/colour', /got a member "colour"/],
    'a member named like an inherited one': [{ ...good, toString: 1 }, '/toString', /got a member/],
    'a member __proto__': [
      JSON.parse(`{"__proto__":{},"digests":{"sha256":"${sha256}"},"profile":"generic@1"}`),
      '/__proto__',
      /got a member/,
    ],
    'no digests': [{ profile: 'generic@1' }, '', /expected a member "digests"/],
    'empty digests': [{ ...good, digests: {} }, '/digests', /at least one of sha256, sha512, sha3-256, sm3/],
    'digests that are a list': [{ ...good, digests: [sha256] }, '/digests', /got an array of 1/],
    'an unknown algorithm': [
      { ...good, digests: { md5: 'ab' } },
      '/digests/md5',
      /expected an algorithm of .*, got "md5"/,
    ],
    'an algorithm named __proto__': [
      { ...good, digests: JSON.parse('{"__proto__":"ab"}') as unknown },
      '/digests/__proto__',
      /got "__proto__"/,
    ],
    'a short digest': [{ ...good, digests: { sha256: 'ab' } }, '/digests/sha256', /expected 64 .*, got 2 characters/],
    'a digest of another algorithm': [
      { ...good, digests: { sha512: sha256 } },
      '/digests/sha512',
      /expected 128 .*, got 64 characters/,
    ],
    'upper-case hex': [{ ...good, digests: { sha256: sha256.toUpperCase() } }, '/digests/sha256', /got upper-case hex/],
    'no hex': [{ ...good, digests: { sha256: 'xy'.repeat(32) } }, '/digests/sha256', /not hex/],
    'a digest that is a number': [{ ...good, digests: { sm3: 7 } }, '/digests/sm3', /got number 7/],
    'no profile': [{ digests: { sha256 } }, '', /expected a member "profile"/],
    'an unknown profile': [
      { ...good, profile: 'licence@2' },
      '/profile',
      /expected one of generic@1, .*got "licence@2"/,
    ],
    'a profile named constructor': [{ ...good, profile: 'constructor' }, '/profile', /got "constructor"/],
    'blinded false': [{ ...good, blinded: false }, '/blinded', /expected true/],
    'an empty reference': [{ ...good, reference: '' }, '/reference', /got 0/],
    'a reference of 65 characters': [{ ...good, reference: 'a'.repeat(65) }, '/reference', /got 65/],
    'a reference with a newline': [{ ...good, reference: 'a\nb' }, '/reference', /control/],
    'a reference that turns the text round': [{ ...good, reference: 'a\u202eb' }, '/reference', /invisible/],
    'a reference with a lone surrogate': [{ ...good, reference: 'a\ud800' }, '/reference', /expected 1 to 64/],
    'a reference that is a number': [{ ...good, reference: 7 }, '/reference', /got number 7/],
    'claims that are a list': [{ ...good, claims: [] }, '/claims', /expected an object/],
    'a time without zone': [{ ...good, validFrom: '2026-03-01T08:00:00' }, '/validFrom', /RFC 3339/],
    'a time that is a number': [{ ...good, validUntil: 1 }, '/validUntil', /RFC 3339/],
  };
  it.each(Object.entries(shapes))('is refused with %s, by the schema too', (_, [value, pointer, detail]) => {
    expect(faults(value)[pointer]).toMatch(detail);
    // The schema leaves the form of times to the parser, and surrogates to JSON.
    if (!/RFC 3339/.test(String(detail)) || typeof (value as { validUntil?: unknown }).validUntil === 'number') {
      expect(recordRequestSchema.safeParse(value).success).toBe(false);
    }
  });

  const deeper: Record<string, [unknown, string, RegExp]> = {
    'plain digests under a blinded profile': [
      { ...good, profile: 'licence@1' },
      '/blinded',
      /licence@1 takes only blinded digests/,
    ],
    'an end before its beginning': [
      { ...good, validFrom: '2026-03-01T08:00:00Z', validUntil: '2026-03-01T07:59:59Z' },
      '/validUntil',
      /not before validFrom/,
    ],
    'a number of 2^53': [{ ...good, claims: { a: { 'b/c~d': 2 ** 53 } } }, '/claims/a/b~1c~0d', /send it as a string/],
    'a number beyond a double': [{ ...good, claims: { a: Infinity } }, '/claims/a', /send it as a string/],
    'a lone surrogate': [{ ...good, claims: { a: ['\udc00'] } }, '/claims/a/0', /lone surrogate/],
    'a lone surrogate in a name': [{ ...good, claims: { '\udc00': 1 } }, '/claims', /lone surrogate/],
    'a claim named __proto__': [
      { ...good, claims: JSON.parse('{"__proto__":1}') as unknown },
      '/claims/__proto__',
      /"__proto__"/,
    ],
    'a claim that JSON has not': [{ ...good, claims: { a: undefined } }, '/claims/a', /JSON value/],
  };
  it.each(Object.entries(deeper))('is refused with %s', (_, [value, pointer, detail]) => {
    expect(faults(value)[pointer]).toMatch(detail);
  });

  it('may have claims of 2048 bytes in UTF-8, and not 2049', () => {
    const filled = (extra: number) => ({ ...good, claims: { a: `é${'x'.repeat(CLAIMS_MAX_BYTES - 10 + extra)}` } });
    expect(Buffer.byteLength(accepted(filled(0)).claimsJcs!)).toBe(CLAIMS_MAX_BYTES);
    expect(faults(filled(1))['/claims']).toBe('expected at most 2048 bytes of canonical JSON, got 2049');
  });

  it('may have claims 8 levels deep, and not 9', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect(accepted({ ...good, claims: nested(CLAIMS_MAX_DEPTH) }).claimsJcs).toContain('1');
    expect(faults({ ...good, claims: nested(CLAIMS_MAX_DEPTH + 1) })['/claims' + '/a'.repeat(8)]).toMatch(/8 levels/);
    const bottomless: Record<string, unknown> = {};
    bottomless['a'] = bottomless;
    expect(Object.keys(faults({ ...good, claims: bottomless }))).toHaveLength(1);
  });

  it('is told every fault at once, but not a thousand of them', () => {
    const value = {
      digests: { sha256: 1 },
      profile: 'x',
      reference: '',
      claims: { a: Infinity },
      validFrom: 1,
      extra: 1,
    };
    expect(Object.keys(faults(value)).toSorted()).toEqual([
      '/claims/a',
      '/digests/sha256',
      '/extra',
      '/profile',
      '/reference',
      '/validFrom',
    ]);
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, Infinity]));
    expect(Object.keys(faults({ ...good, ...many })).length).toBeLessThanOrEqual(16);
    expect(Object.keys(faults({ ...good, claims: many })).length).toBeLessThanOrEqual(16);
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Object.keys(parseRecordRequest(value))).toHaveLength(1);
        expect(Object.keys(parseRecordRequest({ ...good, claims: value, digests: value }))).toHaveLength(1);
      }),
    );
  });

  it('is described by a JSON schema with the same members', () => {
    const schema = z.toJSONSchema(recordRequestSchema, { target: 'draft-2020-12' });
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: ['digests', 'profile'] });
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([
      'agencySignature',
      'blinded',
      'claims',
      'digests',
      'profile',
      'reference',
      'supersedes',
      'validFrom',
      'validUntil',
    ]);
  });
});
