import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { Rfc3161Attestation } from '#tsp/attestation.js';
import { writeInteger, writeSequence } from '#tsp/der-writer.js';
import { createRoot, SIGNER_EXTENSIONS } from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { craftToken, writeTstInfo } from '#tsp/testing/stamp.js';
import { parseNote } from '#tlog/note.js';
import { formatProof, parseProof, type Proof } from '../../proof.js';
import { makeTimeStamps } from '../../testing/make-time-stamps.js';
import { sampleProof } from '../../testing/sample-proof.js';
import { readTimeStamps, TIME_STAMPS_FILE, type TimeStamps } from '../../testing/time-stamps.js';
import type { AnchorFinding } from '../finding.js';
import { verifyProof, type VerifyInput } from '../../verify.js';
import { timeStampChecker } from './check.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);
const sample = sampleProof();
const { text } = parseNote(sample.proof.log.checkpoints[0]!.note);
// WRITE_TIME_STAMPS=1 makes new ones, with new keys; the vectors that hold them have to be renewed after it.
if (process.env['WRITE_TIME_STAMPS']) {
  writeFileSync(TIME_STAMPS_FILE, `${JSON.stringify(await makeTimeStamps(text), null, 2)}\n`);
}
const stamps = readTimeStamps();
const root = base64.decode(stamps.root);
const otherRoot = base64.decode(stamps.otherRoot);

/** The sample with this attestation as its only one. */
function stamped(attestation: Rfc3161Attestation): Proof {
  const proof = structuredClone(sample.proof);
  proof.log.checkpoints[0]!.attestations = [{ type: 'rfc3161', ...attestation }];
  return proof;
}
const verify = async (attestation: Rfc3161Attestation, input: Partial<VerifyInput> = {}) => {
  const proof = formatProof(stamped(attestation));
  const result = await verifyProof({
    proof,
    digests: sample.digests,
    timestampRoots: [root],
    now: sample.now,
    ...input,
  });
  return {
    ...result,
    anchor: result.findings.find((finding): finding is AnchorFinding => finding.check === 'anchor')!,
  };
};
const access = {
  timestampRoots: [root],
  now: sample.now,
  ask: () => Promise.reject(new Error('asked')),
  mayAsk: () => true,
};
const checkpoint = { size: 5, text, root: new Uint8Array(32) };
const of = (name: keyof TimeStamps['attestations']) => stamps.attestations[name];

describe('a time-stamp in a proof', () => {
  it('is over the text that the log signs', () => expect(stamps.text).toBe(text));

  it('passes under a trusted root, with its time and what it is', async () => {
    const { verdict, anchor, when } = await verify(of('good'), { timestampRoots: [otherRoot, root] });
    expect(verdict).toBe('authentic');
    expect(anchor).toMatchObject({
      outcome: 'passed',
      kind: 'rfc3161',
      subject: { kind: 'checkpoint', size: 5 },
      genTime: '2026-03-01T08:05:00.000Z',
      time: '2026-03-01T08:05:00.000Z',
      authority: 'O=Sealroot tests, CN=Vectors authority',
      top: { name: 'O=Sealroot tests, CN=Vectors root', selfIssued: true },
      revocation: 'good',
      revokedLater: null,
      expired: false,
    });
    expect(when.notAfter).toMatchObject({
      kind: 'rfc3161',
      time: '2026-03-01T08:05:00.000Z',
      standing: 'public',
      finality: 'final',
    });
  });

  it('passes after its certificate has run out, and says so', async () => {
    const { verdict, anchor } = await verify(of('expired'));
    expect(verdict).toBe('authentic');
    expect(anchor).toMatchObject({ expired: true, expiresAt: '2026-03-15T00:00:00.000Z' });
    const before = await verify(of('expired'), { now: new Date('2026-03-14T00:00:00Z') });
    expect(before.anchor).toMatchObject({ expired: false });
  });

  it('says when revocation is not known, and when a later one leaves it good', async () => {
    expect((await verify(of('withoutLists'))).anchor).toMatchObject({ outcome: 'passed', revocation: 'unknown' });
    expect((await verify(of('supersededLater'))).anchor).toMatchObject({
      outcome: 'passed',
      revocation: 'good',
      revokedLater: '2026-03-20T00:00:00.000Z',
    });
  });

  it.skipIf(!withOpenssl)('is no later than its time and the accuracy that it claims', async () => {
    const authority = await createRoot({ commonName: 'Inaccurate root' });
    const signer = await authority.issue({ commonName: 'Inaccurate', extensions: SIGNER_EXTENSIONS });
    const accuracy = writeSequence(writeInteger(Uint8Array.of(90)));
    const genTime = new Date('2026-03-01T08:05:00Z');
    const tstInfo = writeTstInfo({ message: new TextEncoder().encode(text), genTime, more: [accuracy] });
    const token = base64.encode(await craftToken({ tstInfo, signers: [signer] }));
    const timestampRoots = [authority.der];
    const result = await verify({ token, certificates: [], revocations: [] }, { timestampRoots });
    expect(result.when.notAfter?.time).toBe('2026-03-01T08:06:30.000Z');
    expect(result.anchor).toMatchObject({ genTime: '2026-03-01T08:05:00.000Z', accuracyMs: 90_000 });
    await rm(dirname(authority.keyFile), { recursive: true, force: true });
  });

  it('is unavailable without a root that it leads to, and names that root to compare', async () => {
    const none = await verify(of('good'), { timestampRoots: undefined });
    expect(none.verdict).toBe('unavailable');
    expect(none.when.notAfter).toBeUndefined();
    const top = { selfIssued: true, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string };
    expect(none.anchor).toMatchObject({ outcome: 'unavailable', reason: 'no-roots', top });
    const other = await verify(of('good'), { timestampRoots: [otherRoot] });
    expect(other.anchor).toMatchObject({ outcome: 'unavailable', reason: 'unknown-root', top });
    const away = await verify(of('good'), { timestampRoots: 'unreachable' });
    expect(away.anchor).toMatchObject({ outcome: 'unavailable', reason: 'roots-unreachable', top });
    const bare = await verify({ ...of('good'), certificates: [], revocations: [] }, { timestampRoots: [] });
    expect(bare.anchor).toMatchObject({ top: { selfIssued: false, name: 'O=Sealroot tests, CN=Vectors issuer' } });
  });

  it.each([
    ['otherText', 'wrong-imprint'],
    ['revokedBefore', 'revoked'],
    ['compromisedLater', 'revoked'],
    ['laxPurpose', 'not-an-authority'],
  ] as const)('fails: %s', async (name, code) => {
    const { verdict, anchor } = await verify(of(name));
    expect(verdict).toBe('mismatch');
    expect(anchor).toMatchObject({ outcome: 'failed', reason: 'bad-token', code });
  });

  it('fails at another checkpoint, and with lists of somebody else', async () => {
    const other = sampleProof({ checkpoints: [{ size: 6, attestations: ['bitcoin'] }] });
    const proof = structuredClone(other.proof);
    proof.log.checkpoints[0]!.attestations = [{ type: 'rfc3161', ...of('good') }];
    expect((await verify(of('good'), { proof: formatProof(proof) })).anchor).toMatchObject({
      outcome: 'failed',
      code: 'wrong-imprint',
    });
    const foreign = { ...of('good'), revocations: [...of('good').revocations, of('good').token] };
    expect((await verify(foreign)).anchor.outcome).toBe('failed');
  });

  it('refuses roots of the caller that are none', async () => {
    const issuerOf = base64.decode(of('good').token);
    await expect(verify(of('good'), { timestampRoots: [issuerOf] })).rejects.toMatchObject({ code: 'bad-root' });
  });

  it.each<[string, (attestation: Record<string, unknown>) => unknown]>([
    ['a missing member', ({ token, certificates }) => ({ token, certificates })],
    ['an unknown member', (one) => ({ ...one, more: 1 })],
    ['a token that is no text', (one) => ({ ...one, token: 1 })],
    ['an empty token', (one) => ({ ...one, token: '' })],
    ['a token in base64url', (one) => ({ ...one, token: '-_8=' })],
    ['certificates that are no list', (one) => ({ ...one, certificates: 'AAAA' })],
    [
      'nine certificates',
      (one) => ({ ...one, certificates: Array.from({ length: 9 }, (_, i) => base64.encode(Uint8Array.of(i))) }),
    ],
    ['a certificate twice', (one) => ({ ...one, certificates: ['AAAA', 'AAAA'] })],
    ['a token of 65,539 bytes', (one) => ({ ...one, token: base64.encode(new Uint8Array(65_539)) })],
  ])('is malformed with %s', (_, change) => {
    const proof = stamped(of('good')) as unknown as { log: { checkpoints: { attestations: unknown[] }[] } };
    const { type, ...members } = proof.log.checkpoints[0]!.attestations[0] as Record<string, unknown>;
    proof.log.checkpoints[0]!.attestations = [{ type, ...(change(members) as object) }];
    expect(() => parseProof(proof)).toThrow(/^Reading a proof: at \/log\/checkpoints\/0\/attestations\/0/);
  });

  it('costs no more than so many signatures, however many of them a proof holds', async () => {
    const check = timeStampChecker(access);
    // Five each: the token's, two certificates', two lists'.
    const findings = await Promise.all(Array.from({ length: 52 }, () => check(of('good'), checkpoint)[0]!));
    const found = findings.map((finding) => ('code' in finding ? finding.code : finding.outcome));
    expect(found).toEqual([...Array.from({ length: 51 }, () => 'passed'), 'too-large']);
  });

  it('counts but for the case of its issuer’s name: no flipped bit leaves it passed', async () => {
    let cases = 0;
    const attestation = of('good');
    const bytes = base64.decode(attestation.token);
    // A proof has so many signatures and no more: each token is in a proof of its own.
    const check = (token: string) => timeStampChecker(access)({ ...attestation, token }, checkpoint)[0]!;
    // One bit of each byte, another one from byte to byte; all of them are tried where tokens are verified.
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const token = base64.encode(flipped);
      const found = await check(token);
      // The name by which the token says whose certificate is its signer's is signed by nobody, and compared by value.
      if (found.outcome === 'passed' && /[A-Za-z]/.test(String.fromCharCode(bytes[bit >> 3]!)) && (bit & 7) === 5) {
        cases++;
        continue;
      }
      expect(['failed', 'unavailable'], `bit ${bit}`).toContain(found.outcome);
    }
    expect(cases).toBeLessThan(8);
  });
});
