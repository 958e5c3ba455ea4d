import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { parseStatement, type RecordStatement } from '#statement/statement.js';
import { keyIdOf, parsePublicKey } from './agency-key.js';
import { idHex, parseRegistration, registrarOf, registrationClaims } from './registration.js';
import vectors from './vectors/signature.json' with { type: 'json' };

const publicKey = parsePublicKey(vectors.key.publicKey);
const key = keyIdOf(publicKey);
const claims = registrationClaims('licences.example', publicKey, new Uint8Array(64));
const registration = parseStatement({
  v: 1,
  kind: 'record',
  agency: 'registrar.log.example',
  profile: 'identity@1',
  digests: { sha256: idHex(key) },
  claims,
  receivedAt: '2026-03-01T08:00:00.123Z',
  nonce: '00'.repeat(16),
});

describe('a registration', () => {
  it('says whose a key is', () => {
    expect(parseRegistration(registration)).toEqual({ agency: 'licences.example', key, publicKey });
    expect(hexToBytes(idHex(key))).toHaveLength(32);
  });

  it.each<[string, Partial<RecordStatement>]>([
    ['another profile', { profile: 'generic@1' }],
    ['another type', { claims: { ...claims, type: 'domain' } }],
    ['another algorithm', { claims: { ...claims, algorithm: 'ES256' } }],
    ['no agency', { claims: { ...claims, agency: 1 } }],
    ['no key', { claims: { ...claims, publicKey: null } }],
    ['a key for which anybody can sign', { claims: { ...claims, publicKey: vectors.badKeys[4]!.text } }],
    ['the id of another key', { claims: { ...claims, key: 'A'.repeat(43) } }],
    ['another document', { digests: { sha256: '00'.repeat(32) } }],
    ['no claims', { claims: undefined }],
  ])('is none with %s', (_, change) => {
    expect(parseRegistration({ ...registration, ...change })).toBeNull();
  });
});

it('is made in a name below the host of the log', () => {
  expect(registrarOf('log.example')).toBe('registrar.log.example');
  expect(registrarOf('log.example:8443/a/b')).toBe('registrar.log.example');
  expect(registrarOf('localhost:1/test')).toBe('registrar.localhost');
  for (const origin of ['', '/log', 'Log.example', 'a..b', '-a', 'a_b', 'x'.repeat(64)])
    expect(registrarOf(origin)).toBeNull();
});
