import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasGo } from '#setting/testing/programs.js';
import { verifyEd25519 } from './ed25519.js';
import { type Ed25519Case, ed25519Cases } from './testing/ed25519-cases.js';

const FILE = fileURLToPath(new URL('vectors/ed25519.json', import.meta.url));
const goIsHere = hasGo();

const cases = ed25519Cases();
const parts = ({ signature, message, publicKey }: Ed25519Case) =>
  [hexToBytes(signature), hexToBytes(message), hexToBytes(publicKey)] as const;

/** What OpenSSL says by way of Node. */
function nodeSays([signature, message, publicKey]: readonly [Uint8Array, Uint8Array, Uint8Array]): boolean {
  // SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §4) up to the key itself.
  const der = Buffer.from(concatBytes(hexToBytes('302a300506032b6570032100'), publicKey));
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

/** Whether key or R is a point of small order; both must be points. */
const hasSmallOrder = ({ publicKey, signature }: Ed25519Case) =>
  [publicKey, signature.slice(0, 64)].some((hex) => ed25519.Point.fromBytes(hexToBytes(hex), true).isSmallOrder());

const inWords = (verdicts: readonly boolean[]) => cases.map(({ about }, i) => `${about}: ${verdicts[i]}`);
const expected = inWords(cases.map(({ valid }) => valid));

describe('Ed25519 signatures', () => {
  it('are judged as the vectors say, whose cases can be made again', () => {
    if (process.env['WRITE_VECTORS']) {
      const about = 'Ed25519 signatures on which verifiers differ, with the verdict of node:crypto (OpenSSL) and Go';
      writeFileSync(FILE, `${JSON.stringify({ about, cases }, null, 2)}\n`);
    }
    expect((JSON.parse(readFileSync(FILE, 'utf8')) as { cases: unknown }).cases).toEqual(cases);
    expect(inWords(cases.map((one) => verifyEd25519(...parts(one))))).toEqual(expected);
  });

  it('are judged as by OpenSSL', () => {
    // From 3.5 on it refuses keys and R of small order, which nobody gets who makes a key and signs; earlier ones and Go do not.
    const [major = 0, minor = 0] = process.versions.openssl.split('.').map(Number);
    const refusesSmallOrder = major > 3 || (major === 3 && minor >= 5);
    const ofOpenssl = cases.map((one) => one.valid && !(refusesSmallOrder && hasSmallOrder(one)));
    expect(inWords(cases.map((one) => nodeSays(parts(one))))).toEqual(inWords(ofOpenssl));
  });

  it.skipIf(!goIsHere)('are judged as by Go', () => {
    const program = fileURLToPath(new URL('testing/ed25519.go', import.meta.url));
    const { stdout, stderr } = spawnSync('go', ['run', program], { input: JSON.stringify(cases), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(
      inWords(
        stdout
          .trim()
          .split('\n')
          .map((line) => line === 'true'),
      ),
    ).toEqual(expected);
  });

  it('tell the equations apart: some of the vectors hold only with the cofactor', () => {
    const withCofactor = cases.filter((one) => ed25519.verify(...parts(one), { zip215: true }));
    expect(withCofactor.filter(({ valid }) => !valid).length).toBeGreaterThan(3);
    expect(cases.filter(({ valid }) => valid).length).toBeGreaterThan(10);
  });

  it('are judged as by OpenSSL after any change of a byte', () => {
    const seed = new Uint8Array(32).fill(5);
    const message = new Uint8Array([1, 2, 3]);
    const whole = concatBytes(ed25519.sign(message, seed), message, ed25519.getPublicKey(seed));
    const split = (bytes: Uint8Array) => [bytes.slice(0, 64), bytes.slice(64, 67), bytes.slice(67)] as const;
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(change, ({ at, to }) => {
        const changed = split(whole.with(at, to));
        expect(verifyEd25519(...changed)).toBe(nodeSays(changed));
      }),
      { numRuns: 60 },
    );
  });

  it('of another length are none', () => {
    const [signature, message, publicKey] = parts(cases[0]!);
    expect(verifyEd25519(signature, message, publicKey)).toBe(true);
    expect(verifyEd25519(signature.slice(1), message, publicKey)).toBe(false);
    expect(verifyEd25519(concatBytes(signature, new Uint8Array(1)), message, publicKey)).toBe(false);
    expect(verifyEd25519(signature, message, publicKey.slice(1))).toBe(false);
  });
});
