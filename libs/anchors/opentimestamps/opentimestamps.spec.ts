import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import type { Anchor, Submission } from '../anchor.js';
import { testChain, type TestChain } from '../testing/block-chain.js';
import {
  attested,
  commitmentOf,
  promise,
  startTestCalendar,
  upgradeTo,
  type TestCalendar,
} from '../testing/calendar-server.js';
import { createOpenTimestampsAnchor, type OpenTimestampsSettings } from './opentimestamps.js';
import type { OpenTimestampsProgress } from './progress.js';
import { checkpointOf } from '../testing/checkpoint.js';

const root = createHash('sha256').update('a checkpoint').digest();
/** For calendars that answer, and for one that never does. */
const TIMEOUT_MS = 30_000;
const SHORT_TIMEOUT_MS = 1000;

/** What a database would do with it between two steps. */
const stored = (submission: Submission): Submission =>
  ({
    ...(JSON.parse(JSON.stringify(submission)) as Submission),
    attestation: submission.attestation && Uint8Array.from(submission.attestation),
  }) satisfies Submission;
const progressOf = (submission: Submission) => submission.progress as OpenTimestampsProgress;
const attestationsOf = (submission: Submission) =>
  submission.attestation === null
    ? []
    : listAttestations(parseTimestamp(submission.attestation, root, { canonical: true })).map((at) => at.attestation);

describe('the OpenTimestamps anchor', () => {
  let calendars: [TestCalendar, TestCalendar, TestCalendar];
  let chain: TestChain;
  let clock: Date;
  beforeEach(async () => {
    calendars = [await startTestCalendar(), await startTestCalendar(), await startTestCalendar()];
    chain = testChain();
    clock = new Date('2026-05-01T12:00:00.000Z');
  });
  afterEach(() => Promise.all(calendars.map((calendar) => calendar.close())));

  const anchor = (settings: Partial<OpenTimestampsSettings> = {}): Anchor =>
    createOpenTimestampsAnchor({
      calendars: calendars.map(({ url }) => url),
      allow: [],
      quorum: 2,
      timeoutMs: TIMEOUT_MS,
      pollSeconds: 300,
      blockSources: [chain],
      fetch,
      now: () => clock,
      randomBytes: (length) => randomBytes(length),
      ...settings,
    });
  /** Lets a calendar upgrade everything to this block, and the chain have it unless told otherwise. */
  const mine = (calendar: TestCalendar, height: number, inChain = true) => {
    calendar.onUpgrade = (message) => {
      if (inChain) chain.roots.set(height, attested(message));
      return upgradeTo(message, { type: 'bitcoin', height });
    };
  };

  describe('submitting', () => {
    it('shows every calendar the same blinded root and keeps all answers', async () => {
      const submission = await anchor().submit(checkpointOf(root), null);
      expect(submission).toMatchObject({
        state: 'pending',
        detail: 'submitted to 3 of 3 calendars, waiting for Bitcoin since 2026-05-01T12:00:00Z',
        retryAfterSeconds: 300,
      });
      const nonce = Buffer.from(progressOf(submission).nonce, 'hex');
      expect(nonce.length).toBe(16);
      const blinded = createHash('sha256').update(root).update(nonce).digest();
      expect(calendars.map(({ digests }) => digests)).toEqual([[blinded], [blinded], [blinded]]);
      const promised = attestationsOf(submission).map((at) => (at.type === 'pending' ? at.uri : at.type));
      expect(promised.sort()).toEqual(calendars.map(({ url }) => url).sort());
    });

    it('blinds each root anew', async () => {
      const nonces = [
        await anchor().submit(checkpointOf(root), null),
        await anchor().submit(checkpointOf(root), null),
      ].map((s) => progressOf(s).nonce);
      expect(new Set(nonces).size).toBe(2);
    });

    it('counts honestly when one calendar is down', async () => {
      await calendars[1].close();
      expect((await anchor().submit(checkpointOf(root), null)).detail).toBe(
        'submitted to 2 of 3 calendars, waiting for Bitcoin since 2026-05-01T12:00:00Z',
      );
    });

    it('keeps a part below the quorum, and later asks only the missing calendars, with the same nonce', async () => {
      calendars[0].onSubmit = calendars[1].onSubmit = (_, response) => void response.writeHead(503).end();
      const first = await anchor().submit(checkpointOf(root), null);
      expect(first).toMatchObject({
        state: 'unsubmitted',
        detail: 'submitted to 1 of 3 calendars, 2 needed, next try at 2026-05-01T12:00:15Z',
        retryAfterSeconds: 15,
      });
      calendars[0].onSubmit = (digest) => promise(digest, calendars[0].url);
      const second = await anchor().submit(checkpointOf(root), stored(first));
      expect(second).toMatchObject({ state: 'pending', detail: expect.stringContaining('2 of 3') as string });
      expect(calendars.map(({ digests }) => digests.length)).toEqual([2, 2, 1]);
      expect(calendars[0].digests[0]).toEqual(calendars[0].digests[1]);
      expect(attestationsOf(second).length).toBe(2);
    });

    it('says that no calendar is reachable and waits longer each time, to an hour at the most', async () => {
      await Promise.all(calendars.map((calendar) => calendar.close()));
      let submission: Submission | null = null;
      const waits: number[] = [];
      for (let i = 0; i < 10; i++) {
        submission = stored(await anchor().submit(checkpointOf(root), submission));
        waits.push(submission.retryAfterSeconds);
      }
      expect(submission).toMatchObject({ state: 'unsubmitted', attestation: null });
      expect(submission?.detail).toBe('no calendar reachable, next try at 2026-05-01T13:00:00Z');
      expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    });

    it('is not held up by a calendar that never answers', async () => {
      calendars[2].onSubmit = () => undefined;
      const submission = await anchor({ timeoutMs: SHORT_TIMEOUT_MS }).submit(checkpointOf(root), null);
      expect(submission.state).toBe('pending');
      expect(progressOf(submission).calendars[2]?.failure).toBe(`no answer within ${SHORT_TIMEOUT_MS} ms`);
    });

    it.each<[string, (digest: Buffer) => Uint8Array, string]>([
      ['bytes that are no timestamp', () => Buffer.from('<html>'), 'answered no readable timestamp'],
      ['nothing', () => new Uint8Array(), 'answered no readable timestamp (truncated)'],
      ['trailing bytes', (d) => Buffer.concat([promise(d, 'http://127.0.0.1:1'), Buffer.of(0)]), 'trailing-bytes'],
      [
        'a calendar that is not allowed',
        (d) => promise(d, 'http://169.254.169.254'),
        'without a promise of an allowed',
      ],
      ['a block instead of a promise', (d) => upgradeTo(d, { type: 'bitcoin', height: 1 }), 'without a promise'],
      [
        'more promises than one calendar has to give',
        (d) =>
          upgradeTo(d, ...'abcde'.split('').map((x) => ({ type: 'pending' as const, uri: `https://${x}.cal.test` }))),
        'answered 5 attestations',
      ],
      [
        'a path that would not fit into an .ots file',
        (d) => {
          let path = pathFrom(d);
          for (let i = 0; i < 104; i++) path = path.sha256();
          return serializeTimestamp(path.end([{ type: 'pending', uri: 'https://a.cal.test' }]));
        },
        'answered a path of 106 operations',
      ],
      ['600 KB', () => Buffer.alloc(600_000, 0xf0), 'expected at most 10000 bytes'],
    ])('counts an answer of %s as no answer', async (_, answer, failure) => {
      calendars[1].onSubmit = answer;
      const submission = await anchor({ allow: ['https://*.cal.test'] }).submit(checkpointOf(root), null);
      expect(submission.detail).toContain('submitted to 2 of 3');
      expect(progressOf(submission).calendars[1]?.failure).toContain(failure);
      expect(attestationsOf(submission).length).toBe(2);
    });

    it('says that calendars answered, but nothing usable', async () => {
      for (const calendar of calendars) calendar.onSubmit = () => Buffer.from('garbage');
      expect((await anchor().submit(checkpointOf(root), null)).detail).toBe(
        'no calendar gave a usable answer, next try at 2026-05-01T12:00:15Z',
      );
    });

    it('drops the promise of a stranger beside an allowed one and never asks the stranger', async () => {
      const stranger = await startTestCalendar();
      calendars[0].onSubmit = (digest) =>
        upgradeTo(digest, { type: 'pending', uri: stranger.url }, { type: 'pending', uri: calendars[0].url });
      const submission = await anchor().submit(checkpointOf(root), null);
      expect(attestationsOf(submission).length).toBe(3);
      await anchor().confirm(stored(submission));
      expect(stranger.accepts).toEqual([]);
      await stranger.close();
    });

    it('refuses another root, another root’s submission, and what is no submission', async () => {
      const submission = await anchor().submit(checkpointOf(root), null);
      await expect(anchor().submit(checkpointOf(root.subarray(1)), null)).rejects.toMatchObject({ code: 'bad-root' });
      await expect(anchor().submit(checkpointOf(Buffer.alloc(32)), submission)).rejects.toMatchObject({
        code: 'bad-submission',
      });
      await expect(anchor().confirm({ ...submission, progress: {} })).rejects.toMatchObject({ code: 'bad-submission' });
      const attestation = Uint8Array.of(1, 2, 3);
      await expect(anchor().confirm({ ...submission, attestation })).rejects.toMatchObject({ code: 'bad-submission' });
      const foreign = promise(root, calendars[0].url);
      await expect(anchor().confirm({ ...submission, attestation: foreign })).rejects.toMatchObject({
        code: 'bad-submission',
      });
    });

    it('refuses a quorum that cannot be reached', () => {
      expect(() => anchor({ quorum: 4 })).toThrow(/expected 1 to 3, got 4/);
      expect(() => anchor({ quorum: 0 })).toThrow(/expected 1 to 3, got 0/);
    });
  });

  describe('confirming', () => {
    let submitted: Submission;
    beforeEach(async () => {
      submitted = stored(await anchor().submit(checkpointOf(root), null));
    });

    it('takes 404 as not yet, and asks less often each time', async () => {
      let submission = submitted;
      const waits: number[] = [];
      for (let i = 0; i < 10; i++) {
        submission = stored(await anchor().confirm(submission));
        waits.push(submission.retryAfterSeconds);
      }
      expect(submission.state).toBe('pending');
      expect(submission.detail).toBe('submitted to 3 of 3 calendars, waiting for Bitcoin since 2026-05-01T12:00:00Z');
      expect(submission.attestation).toEqual(submitted.attestation);
      expect(waits).toEqual([375, 469, 586, 733, 916, 1145, 1431, 1789, 1800, 1800]);
      expect(progressOf(submission).polls.map(({ outcome }) => outcome)).toEqual(['not-yet', 'not-yet', 'not-yet']);
    });

    it('asks for the message at the pending attestation', async () => {
      await anchor().confirm(submitted);
      const blinded = calendars[0].digests[0] ?? Buffer.alloc(0);
      const message = commitmentOf(blinded, calendars[0].url);
      expect(calendars[0].commitments).toEqual([Buffer.from(message).toString('hex')]);
    });

    it('confirms once a header source shows the block with that Merkle root, and is final six blocks deep', async () => {
      mine(calendars[1], 1000);
      let submission = stored(await anchor().confirm(submitted));
      expect(submission).toMatchObject({
        state: 'confirmed',
        detail: 'confirmed in Bitcoin block 1000, so no later than 2023-11-21T20:53:20Z, not final yet: 1 block deep',
      });
      expect(attestationsOf(submission)).toContainEqual({ type: 'bitcoin', height: 1000 });
      expect(progressOf(submission).blocks).toMatchObject([
        { height: 1000, state: 'confirmed', sources: ['test chain'], time: '2023-11-21T20:53:20.000Z' },
      ]);
      chain.end = 1004;
      submission = stored(await anchor().confirm(submission));
      expect(submission).toMatchObject({ state: 'confirmed', detail: expect.stringContaining('5 blocks deep') });
      chain.end = 1005;
      submission = stored(await anchor().confirm(submission));
      expect(submission.detail).toBe('final in Bitcoin block 1000, so no later than 2023-11-21T20:53:20Z');
      const asked = calendars.map(({ commitments }) => commitments.length);
      expect((await anchor().confirm(submission)).state).toBe('final');
      expect(calendars.map(({ commitments }) => commitments.length)).toEqual(asked);
      expect(asked[1]).toBe(1);
    });

    it('collects the other calendars’ blocks while it waits for finality', async () => {
      mine(calendars[1], 1000);
      const first = stored(await anchor().confirm(submitted));
      mine(calendars[0], 998);
      const second = await anchor().confirm(first);
      expect(second.detail).toContain('block 998');
      expect(attestationsOf(second).filter(({ type }) => type === 'bitcoin').length).toBe(2);
    });

    it('believes no calendar: with no header source reachable a block stays unchecked and pending', async () => {
      mine(calendars[0], 900);
      chain.down = true;
      const unchecked = stored(await anchor().confirm(submitted));
      expect(unchecked).toMatchObject({
        state: 'pending',
        detail:
          'submitted to 3 of 3 calendars, attested by calendar in block 900, not checked: no header source reachable',
      });
      const asked = calendars[0].commitments.length;
      expect((await anchor({ blockSources: [] }).confirm(unchecked)).state).toBe('pending');
      expect(calendars[0].commitments.length).toBe(asked);
      chain.down = false;
      expect((await anchor().confirm(unchecked)).state).toBe('final');
    });

    it('drops a wrong attestation, says so, and asks again', async () => {
      mine(calendars[0], 900, false);
      const submission = stored(await anchor().confirm(submitted));
      expect(submission).toMatchObject({ state: 'pending' });
      expect(submission.detail).toContain(
        'dropped at 2026-05-01T12:00:00Z: wrong attestation: block 900 has another Merkle root',
      );
      expect(attestationsOf(submission).some(({ type }) => type === 'bitcoin')).toBe(false);
      expect(submission.attestation).toEqual(submitted.attestation);
      mine(calendars[0], 900);
      expect((await anchor().confirm(submission)).state).toBe('final');
    });

    it('does not grow when a calendar names ever new blocks that nobody has', async () => {
      let height = 5000;
      calendars[0].onUpgrade = (message) => upgradeTo(message, { type: 'bitcoin', height: height++ });
      let submission = submitted;
      for (let i = 0; i < 5; i++) submission = stored(await anchor().confirm(submission));
      expect(submission.state).toBe('pending');
      expect(submission.detail).toContain(
        'attested by calendar in block 5004, not checked: the header sources have no such',
      );
      expect(attestationsOf(submission).filter(({ type }) => type === 'bitcoin')).toEqual([
        { type: 'bitcoin', height: 5004 },
      ]);
    });

    it('does not remember more than a few wrong attestations', async () => {
      mine(calendars[0], 900, false);
      let submission = submitted;
      for (let i = 0; i < 12; i++) submission = stored(await anchor().confirm(submission));
      expect(progressOf(submission).rejected.length).toBe(8);
    });

    it('lets no single source decide when sources disagree', async () => {
      mine(calendars[0], 900);
      const other = testChain('another source');
      const disputed = stored(await anchor({ blockSources: [chain, other] }).confirm(submitted));
      expect(disputed.state).toBe('pending');
      expect(disputed.detail).toContain('block 900, not confirmed: the header sources disagree about that block');
      other.roots = chain.roots;
      const agreed = await anchor({ blockSources: [chain, other] }).confirm(disputed);
      expect(progressOf(agreed).blocks).toMatchObject([{ state: 'final', sources: ['test chain', 'another source'] }]);
    });

    it('goes back to pending after a reorganisation and finds the new block', async () => {
      mine(calendars[0], 1000);
      const confirmed = stored(await anchor().confirm(submitted));
      expect(confirmed.state).toBe('confirmed');
      chain.roots.clear();
      calendars[0].onUpgrade = () => null;
      const back = stored(await anchor().confirm(confirmed));
      expect(back.state).toBe('pending');
      expect(back.detail).toContain('block 1000 was confirmed and is no longer in the chain');
      mine(calendars[0], 999);
      expect((await anchor().confirm(back)).state).toBe('confirmed');
    });

    it('stays confirmed while header sources are away', async () => {
      mine(calendars[0], 1000);
      const confirmed = stored(await anchor().confirm(submitted));
      chain.down = true;
      const later = await anchor().confirm(confirmed);
      expect([later.state, later.detail]).toEqual([confirmed.state, confirmed.detail]);
    });

    it.each<[string, (message: Buffer) => Uint8Array, string]>([
      ['garbage', () => Buffer.from('garbage'), 'answered no readable timestamp'],
      ['600 KB', () => Buffer.alloc(600_000), 'expected at most 10000 bytes'],
      ['another promise', (m) => upgradeTo(m, { type: 'pending', uri: 'http://127.0.0.1:9' }), 'without a Bitcoin'],
      ['another chain', (m) => upgradeTo(m, { type: 'litecoin', height: 1 }), 'without a Bitcoin'],
      [
        'many blocks',
        (m) => upgradeTo(m, ...[1, 2, 3, 4, 5].map((height) => ({ type: 'bitcoin' as const, height }))),
        'answered 5 attestations',
      ],
    ])('keeps what it has when a calendar answers %s', async (_, answer, failure) => {
      for (const calendar of calendars) calendar.onUpgrade = answer;
      const submission = await anchor().confirm(submitted);
      expect(submission.state).toBe('pending');
      expect(submission.attestation).toEqual(submitted.attestation);
      expect(submission.detail).toContain(
        'no calendar gave a usable answer when last asked for the upgrade, next try at',
      );
      expect(progressOf(submission).polls[0]?.detail).toContain(failure);
    });

    it('confirms through one calendar although the quorum was never reached', async () => {
      calendars[1].onSubmit = calendars[2].onSubmit = () => Buffer.from('garbage');
      mine(calendars[0], 900);
      const first = stored(await anchor().submit(checkpointOf(root), null));
      expect(first.state).toBe('unsubmitted');
      const second = stored(await anchor().submit(checkpointOf(root), first));
      expect(second.state).toBe('final');
      expect(await anchor().submit(checkpointOf(root), second)).toEqual(second);
    });
  });
});
