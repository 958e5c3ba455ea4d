import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AnchoredCheckpoint, Submission } from '../anchor.js';
import { createRfc3161Anchor, type Rfc3161Settings } from './rfc3161.js';
import { checkpointOf } from '../testing/checkpoint.js';
import { attestationParts, readRfc3161Attestation } from '#tsp/attestation.js';
import { TAG } from '#tsp/der.js';
import { writeDer, writeInteger, writeSequence } from '#tsp/der-writer.js';
import { formatPem } from '#tsp/pem.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { verifyWithOpenssl } from '#tsp/testing/stamp.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import { verifyTimeStampToken } from '#tsp/verify-token.js';
import { startTimeStampAuthority, type TimeStampAuthority } from './testing/time-stamp-authority.js';
import { TIME_STAMP_FAULTS, type TimeStampFault } from './testing/time-stamp-fault.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);
const { subtle } = globalThis.crypto;
const newCheckpoint = (): AnchoredCheckpoint => checkpointOf(createHash('sha256').update(randomBytes(32)).digest(), 7);

describe.skipIf(!withOpenssl)('the RFC 3161 anchor with authorities of our own', () => {
  let first: TimeStampAuthority;
  let second: TimeStampAuthority;
  beforeAll(async () => {
    [first, second] = await Promise.all([
      startTimeStampAuthority({ name: 'First', key: 'rsa-2048', essDigest: 'sha1' }),
      startTimeStampAuthority({ name: 'Second', key: 'p-384', digest: 'sha384', essChain: true }),
    ]);
  });
  afterEach(() => {
    for (const authority of [first, second]) {
      authority.fault = null;
      authority.listFault = null;
      authority.requests = 0;
      authority.listRequests = 0;
    }
  });
  afterAll(() => Promise.all([first?.stop(), second?.stop()]));

  const newAnchor = (settings: Partial<Rfc3161Settings> = {}) =>
    createRfc3161Anchor({
      urls: [first.url, second.url],
      roots: [first.root.der, second.root.der],
      timeoutMs: 2_000,
      fetch,
      now: () => new Date(),
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      subtle,
      ...settings,
    });
  /** Every step starts from what a database would hold, in a new process as it were. */
  const step = async (
    checkpoint: AnchoredCheckpoint,
    before: Submission | null,
    settings: Partial<Rfc3161Settings> = {},
  ) => {
    const anchor = newAnchor(settings);
    const next = await (before === null || before.state === 'unsubmitted'
      ? anchor.submit(checkpoint, before)
      : anchor.confirm(before));
    return {
      ...(JSON.parse(JSON.stringify(next)) as Submission),
      attestation: next.attestation && Uint8Array.from(next.attestation),
    };
  };
  const partsOf = ({ attestation }: Submission) => attestationParts(readRfc3161Attestation(attestation!));
  /** The token holds, by our own verifier and by openssl with nothing but what is kept and the authority's root. */
  const expectGood = async (checkpoint: AnchoredCheckpoint, submission: Submission, by: TimeStampAuthority) => {
    const parts = partsOf(submission);
    const message = new TextEncoder().encode(checkpoint.text);
    const trusted = parseTrustedRoots([by.root.der]);
    const verified = await verifyTimeStampToken({ ...parts, message, trusted, now: new Date(), subtle });
    expect(verified).toMatchObject({ status: 'trusted', expiredNow: false });
    expect(
      await verifyWithOpenssl({
        token: parts.token,
        message,
        roots: [by.root.pem],
        untrusted: parts.certificates.map((der) => formatPem('CERTIFICATE', der)),
      }),
    ).toMatchObject({ accepted: true });
    return verified;
  };

  it('keeps token, certificates and revocation lists, and openssl accepts what is kept', async () => {
    const checkpoint = newCheckpoint();
    const confirmed = await step(checkpoint, null);
    expect(confirmed).toMatchObject({ state: 'confirmed', retryAfterSeconds: 0 });
    expect(first.listRequests).toBe(0);
    await expectGood(checkpoint, confirmed, first);
    const final = await step(checkpoint, confirmed);
    expect(final.state).toBe('final');
    expect(final.detail).toMatch(
      /^time-stamped at .*Z \(give or take 1\.5 s\) by O=Sealroot tests, CN=First time-stamp signer \(127\.0\.0\.1:\d+\), its certificates were good by their revocation lists$/,
    );
    expect(partsOf(final).revocations).toHaveLength(2);
    expect(partsOf(final).certificates.map((der) => Buffer.from(der))).toEqual([Buffer.from(first.root.der)]);
    expect(await expectGood(checkpoint, final, first)).toMatchObject({ revocation: 'good' });
    expect(first.requests).toBe(1);
    expect(second.requests).toBe(0);
    // Looking again changes nothing and asks nobody.
    const again = await step(checkpoint, final);
    expect(again).toEqual(final);
    expect(await newAnchor().submit(checkpoint, confirmed)).toMatchObject({ state: 'final' });
    expect(first.requests).toBe(1);
  });

  const harmless: TimeStampFault[] = ['revoked', 'media-type'];
  it.each(TIME_STAMP_FAULTS.filter((fault) => !harmless.includes(fault)))(
    'goes to the next authority when the first has the fault %s',
    async (fault) => {
      first.fault = fault;
      const checkpoint = newCheckpoint();
      const confirmed = await step(checkpoint, null);
      expect(confirmed.state).toBe('confirmed');
      expect(confirmed.detail).toContain('Second time-stamp signer');
      expect(confirmed.detail).toMatch(/, after 127\.0\.0\.1:\d+: (answered|no answer|not reachable)/);
      await expectGood(checkpoint, confirmed, second);
    },
    30_000,
  );

  it.each<[TimeStampFault, RegExp]>([
    ['down', /not reachable \(\w+\)/],
    ['hang', /no answer within 300 ms/],
    ['stall', /no answer within 300 ms/],
    ['error', /answered HTTP 500/],
    ['redirect', /expected an answer, got a redirect/],
    ['garbage', /answered wrongly: .*bad-der/],
    ['trailing', /answered wrongly: .*bad-der/],
    ['huge', /expected at most 66560 bytes/],
    ['rejects', /answered rejection/],
    ['wrong-nonce', /expected the nonce that was asked with, got another \(wrong-nonce\)/],
    ['wrong-imprint', /expected the imprint that was asked for, got another \(wrong-imprint\)/],
    ['bad-signature', /bad-signature/],
    ['no-certificates', /no-signer/],
    ['no-issuer', /leads to none of the trusted roots but to O=Sealroot tests, CN=First time-stamp signer/],
    ['no-purpose', /not-an-authority/],
    ['lax-purpose', /expected the purpose of time-stamps marked critical, got one that is not/],
    ['other-authority', /bad-chain|none of the trusted roots/],
    ['expired', /outside-validity/],
    ['early', /which is not now by our clock/],
    ['late', /which is not now by our clock/],
  ])('names what is wrong when no other authority is left: %s', async (fault, words) => {
    first.fault = fault;
    const checkpoint = newCheckpoint();
    // Short only where nothing comes in any case: an authority that answers may be slow.
    const settings = { urls: [first.url], timeoutMs: fault === 'hang' || fault === 'stall' ? 300 : 20_000 };
    const once = await step(checkpoint, null, settings);
    expect(once).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 15 });
    expect(once.detail).toMatch(/^no authority gave a usable time-stamp \(127\.0\.0\.1:\d+: .*\), next try at .*Z$/);
    expect(once.detail).toMatch(words);
    expect(await step(checkpoint, once, settings)).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 30 });
    first.fault = null;
    expect(await step(checkpoint, once, { urls: [first.url] })).toMatchObject({ state: 'confirmed' });
  });

  it('keeps the issuer that an authority leaves out of its tokens, when it is given with the roots', async () => {
    first.fault = 'no-issuer';
    const checkpoint = newCheckpoint();
    const settings = { urls: [first.url], roots: [first.issuer.der, first.root.der] };
    const final = await step(checkpoint, await step(checkpoint, null, settings), settings);
    expect(final.state).toBe('final');
    expect(partsOf(final).certificates.map((der) => Buffer.from(der))).toEqual(
      [first.issuer, first.root].map(({ der }) => Buffer.from(der)),
    );
    expect(await expectGood(checkpoint, final, first)).toMatchObject({ revocation: 'good' });
  });

  it('takes no root but those it is told to trust', async () => {
    const once = await step(newCheckpoint(), null, { urls: [first.url], roots: [second.root.der] });
    expect(once.detail).toContain(
      'leads to none of the trusted roots but to O=Sealroot tests, CN=First issuer (SHA-256 ',
    );
    expect(() => newAnchor({ roots: [first.issuer.der] })).toThrow('names itself as issuer');
    expect(() => newAnchor({ roots: [] })).toThrow('expected an authority and a trusted root, got 2 and 0');
  });

  it('asks another authority when a list says that the certificate was revoked, and never the same again', async () => {
    first.fault = 'revoked';
    const checkpoint = newCheckpoint();
    const confirmed = await step(checkpoint, null);
    expect(confirmed.detail).toContain('First time-stamp signer');
    const back = await step(checkpoint, confirmed);
    expect(back).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
    expect(back.detail).toContain('(revoked)');
    const other = await step(checkpoint, back);
    expect(other.detail).toContain('Second time-stamp signer');
    expect(other.detail).toContain('its certificate is revoked, not asked again');
    expect(await step(checkpoint, other)).toMatchObject({ state: 'final' });
    expect(first.requests).toBe(1);
  });

  it.each([
    ['error', /crl\/issuer\.crl: answered HTTP 503/],
    ['hang', /crl\/issuer\.crl: no answer within 300 ms/],
    ['garbage', /crl\/issuer\.crl: answered wrongly: /],
    ['huge', /crl\/issuer\.crl: answered wrongly: expected at most 262144 bytes/],
  ] as const)('keeps the token while the lists are away: %s', async (fault, words) => {
    first.listFault = fault;
    const checkpoint = newCheckpoint();
    const settings = { timeoutMs: 300 };
    const confirmed = await step(checkpoint, null);
    const waiting = await step(checkpoint, confirmed, settings);
    expect(waiting).toMatchObject({ state: 'confirmed', retryAfterSeconds: 60 });
    expect(waiting.detail).toMatch(words);
    expect(Buffer.from(waiting.attestation!)).toEqual(Buffer.from(confirmed.attestation!));
    expect(await step(checkpoint, waiting, settings)).toMatchObject({ state: 'confirmed', retryAfterSeconds: 120 });
    const later = new Date(Date.now() + 8 * 86_400_000);
    const without = await step(checkpoint, waiting, { ...settings, now: () => later });
    expect(without).toMatchObject({ state: 'final' });
    expect(without.detail).toContain('the revocation lists could not be had');
    first.listFault = null;
    expect(await step(checkpoint, waiting)).toMatchObject({ state: 'final' });
    expect(first.requests).toBe(1);
  });

  it.each([1, 2, 3].flatMap((call) => [[call, 'before' as const] as const, [call, 'after' as const] as const]))(
    'goes on after its process died at call %i, %s it was answered, with one token at the end',
    async (call, when) => {
      const checkpoint = newCheckpoint();
      let calls = 0;
      let died: () => void = () => undefined;
      const dead = new Promise<'dead'>((resolve) => (died = () => resolve('dead')));
      const dying: typeof fetch = async (...args) => {
        const mine = ++calls;
        const response = mine < call || (mine === call && when === 'after') ? await fetch(...args) : null;
        if (mine < call) return response!;
        died();
        return new Promise<never>(() => undefined);
      };
      // What is stored is all that the next process has.
      let stored: Submission | null = null;
      for (let now: Submission | 'dead' | null = null; now !== 'dead' && now?.state !== 'final';) {
        now = await Promise.race([step(checkpoint, stored, { fetch: dying }), dead]);
        if (now !== 'dead') stored = now;
      }
      expect(stored?.state).toBe(call === 1 ? undefined : 'confirmed');
      let last: Submission = await step(checkpoint, stored);
      if (last.state !== 'final') last = await step(checkpoint, last);
      expect(last.state).toBe('final');
      await expectGood(checkpoint, last, first);
      expect(first.requests).toBe(call === 1 && when === 'after' ? 2 : 1);
      expect(second.requests).toBe(0);
    },
  );

  it('refuses submissions of other checkpoints and roots that are none', async () => {
    const confirmed = await step(newCheckpoint(), null);
    await expect(newAnchor().submit(newCheckpoint(), confirmed)).rejects.toMatchObject({ code: 'bad-submission' });
    await expect(newAnchor().submit(checkpointOf(new Uint8Array(31)), null)).rejects.toMatchObject({
      code: 'bad-root',
    });
    const damaged = { ...confirmed, attestation: confirmed.attestation!.slice(1) };
    await expect(newAnchor().confirm(damaged)).rejects.toMatchObject({ code: 'bad-submission' });
    await expect(newAnchor().confirm({ ...confirmed, attestation: null })).rejects.toMatchObject({
      code: 'bad-submission',
    });
  });

  it('sends user and password, and shows neither', async () => {
    const seen: (string | null)[] = [];
    const url = first.url.replace('http://', 'http://agency:s3cret@');
    const watching: typeof fetch = (input, init) => {
      seen.push(new Headers(init?.headers).get('authorization'));
      return fetch(input, init);
    };
    const confirmed = await step(newCheckpoint(), null, { urls: [url], fetch: watching });
    expect(seen).toEqual([`Basic ${Buffer.from('agency:s3cret').toString('base64')}`]);
    expect(JSON.stringify(confirmed)).not.toContain('s3cret');
    const unreadable = first.url.replace('http://', 'http://agency:s3cret%zz@');
    expect(() => newAnchor({ urls: [unreadable] })).toThrow('expected percent-encoded credentials');
  });

  it("tells an authority's reason and words whole", async () => {
    const words = writeDer(TAG.utf8String, Buffer.from('policy asked for, got none'));
    const reason = writeDer(TAG.bitString, Uint8Array.of(0, 0, 1));
    const rejection = writeSequence(writeSequence(writeInteger(Uint8Array.of(2)), writeSequence(words), reason));
    const once = await step(newCheckpoint(), null, {
      urls: [first.url],
      fetch: () => Promise.resolve(new Response(Uint8Array.from(rejection))),
    });
    expect(once.detail).toContain(': answered rejection, policy not accepted, policy asked for, got none)');
  });

  it('shows no path, where an authority may want a key, and tells apart two at one host', async () => {
    const { host } = new URL(first.url);
    const urls = ['one', 'two'].map((key) => `${first.url}${key}-s3cret`);
    const once = await step(newCheckpoint(), null, { urls });
    expect(once.detail).toContain(`(${host}: answered HTTP 404; ${host} (2): answered HTTP 404)`);
    expect(JSON.stringify(once)).not.toContain('s3cret');
    const confirmed = await step(newCheckpoint(), null, { urls: [urls[0]!, first.url] });
    expect(confirmed.detail).toContain(`First time-stamp signer (${host} (2)), after ${host}: answered HTTP 404`);
  });
});
