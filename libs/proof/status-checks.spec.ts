import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { withClock } from '#tlog/clock.js';
import { signCosignature, withCosignature } from '#tlog/cosignature.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatNote, parseNote } from '#tlog/note.js';
import { COSIGNATURE_TYPE, formatVerifierKey } from '#tlog/verifier-key.js';
import { formatProof, type Proof } from './proof.js';
import { type SampleChange, SampleLog, type SampleRecord } from './testing/sample-log.js';
import { findingOf, outcomesOf } from './testing/verify-sample.js';
import { verifyProof, type VerifyInput } from './verify.js';

const HOUR_MS = 3_600_000;

/** Verifies a proof of a log, an hour after its last batch unless told otherwise. */
const verify = (log: SampleLog, proof: Proof, input: Partial<VerifyInput> = {}) =>
  verifyProof({
    proof: formatProof(proof),
    trustedKeys: [log.key],
    now: new Date(Date.parse('2026-03-01T09:00:00Z')),
    ...input,
  });

/** A log of two records and enough others for several status leaves, on which each list of changes is a batch of its own. */
function logOf(...batches: ((records: SampleRecord[]) => SampleChange[])[]): {
  log: SampleLog;
  records: SampleRecord[];
} {
  const log = new SampleLog();
  log.seal({ others: 100 });
  const records = log.seal({ records: [{}, { nonce: '00'.repeat(16) }], others: 60 });
  for (const changes of batches) log.seal({ changes: changes(records), others: 1 });
  log.seal({ others: 40 });
  return { log, records };
}

describe('the status of a record', () => {
  it('is active as of its newest batch where nothing was ever logged about it', async () => {
    const { log, records } = logOf(([, other]) => [{ of: other!, to: 'revoked' }]);
    const result = await verify(log, log.proof(records[0]!));
    expect(outcomesOf(result)).toMatchObject({
      'status-root': 'passed',
      'status-leaf': 'passed',
      'status-history': 'not-applicable',
      'status-age': 'passed',
    });
    expect(result).toMatchObject({
      verdict: 'pending',
      still: { state: 'active', status: { asOf: log.sealedAt(3), word: { kind: 'batch' } } },
    });
  });

  it.each(['revoked', 'suspended', 'superseded'] as const)('is %s by the event that says so', async (to) => {
    const by = '019ca869-507b-7812-82da-057373556ba2';
    const { log, records } = logOf(([one]) => [
      { of: one!, to, reason: 'court-order', ...(to === 'superseded' && { by }) },
    ]);
    const result = await verify(log, log.proof(records[0]!));
    expect(result).toMatchObject({
      verdict: 'authentic-not-current',
      still: {
        state: to,
        since: '2026-03-01T08:01:59.500Z',
        reason: 'court-order',
        ...(to === 'superseded' && { by }),
      },
    });
    expect(findingOf(result, 'status-history')).toMatchObject({ events: [{ to, ordinal: 162, batch: 2 }] });
  });

  it('is followed through every change, and asked as of any instant before', async () => {
    const { log, records } = logOf(
      ([one]) => [{ of: one!, to: 'suspended' }],
      ([one]) => [{ of: one!, to: 'active' }],
      ([one]) => [{ of: one!, to: 'revoked', effectiveAt: '2026-03-01T08:03:30.000Z' }],
    );
    const proof = log.proof(records[0]!);
    const at = async (time: string) => (await verify(log, proof, { at: new Date(time) })).still.state;
    expect(await at('2026-03-01T08:00:59.499Z')).toBe('not-yet-recorded');
    expect(await at('2026-03-01T08:00:59.500Z')).toBe('active');
    expect(await at('2026-03-01T08:01:59.499Z')).toBe('active');
    expect(await at('2026-03-01T08:01:59.500Z')).toBe('suspended');
    expect(await at('2026-03-01T08:02:59.500Z')).toBe('active');
    // It took effect before it was lodged.
    expect(await at('2026-03-01T08:03:29.999Z')).toBe('active');
    expect(await at('2026-03-01T08:03:30.000Z')).toBe('revoked');
    expect(await at('2036-03-01T00:00:00.000Z')).toBe('revoked');
    const past = await verify(log, log.proof(records[0]!, { size: 4 }));
    expect(past.still).toMatchObject({ state: 'active', since: '2026-03-01T08:02:59.500Z' });
  });

  it('is that of a range where one event is about a whole lot', async () => {
    const { log, records } = logOf(() => [{ of: { first: 64, count: 37 + 60 }, to: 'revoked' }]);
    expect((await verify(log, log.proof(records[0]!))).still).toMatchObject({ state: 'revoked' });
  });

  it('may be consumed by another agency where the profile lets it, and by no other', async () => {
    const log = new SampleLog();
    const [invoice, licence] = log.seal({ records: [{ profile: 'invoice@1' }, {}] });
    log.seal({ changes: [invoice!, licence!].map((of) => ({ of, to: 'consumed', agency: 'tax.example' })) });
    expect(await verify(log, log.proof(invoice!))).toMatchObject({
      verdict: 'authentic-not-current',
      still: { state: 'consumed', agency: 'tax.example' },
    });
    const refused = await verify(log, log.proof(licence!));
    expect(refused).toMatchObject({ verdict: 'mismatch', still: { state: 'unknown' } });
    expect(findingOf(refused, 'status-history')).toMatchObject({ reason: 'other-agency' });
  });

  it('is not said where a proof carries none', async () => {
    const { log, records } = logOf();
    const result = await verify(log, log.proof(records[0]!, { status: false }));
    expect(result.still).toEqual({ state: 'unknown' });
    expect(result.findings.filter(({ check }) => check.startsWith('status'))).toEqual([]);
  });

  it('is stale once it is older than its profile lets it be, unless the caller asks for less or more', async () => {
    const { log, records } = logOf();
    const late = { now: new Date('2026-03-03T00:00:00Z') };
    expect(await verify(log, log.proof(records[0]!), late)).toMatchObject({
      verdict: 'unavailable',
      still: { state: 'stale', maxAgeMs: 24 * HOUR_MS },
    });
    const lenient = await verify(log, log.proof(records[0]!), { ...late, maxStatusAgeMs: 72 * HOUR_MS });
    expect(lenient.still.state).toBe('active');
    const strict = await verify(log, log.proof(records[0]!), { maxStatusAgeMs: 60_000 });
    expect(strict.still.state).toBe('stale');
  });

  it('is as new as the log’s clock and trusted witnesses say', async () => {
    const { log, records } = logOf();
    const proof = log.proof(records[0]!);
    const witness = ed25519NoteSigner('witness.example', sha256(utf8ToBytes('witness')));
    const witnessKeys = [formatVerifierKey('witness.example', witness.publicKey, COSIGNATURE_TYPE)];
    const seconds = Date.parse('2026-03-01T08:30:00Z') / 1000;
    const clocked = withClock(parseNote(proof.status!.checkpoint.note), seconds, log.signer);
    proof.status!.checkpoint.note = formatNote(clocked);
    expect((await verify(log, proof)).still).toMatchObject({
      status: { asOf: '2026-03-01T08:30:00.000Z', word: { kind: 'clock' }, ageMs: HOUR_MS / 2 },
    });
    const cosigned = withCosignature(clocked, signCosignature(clocked.text, seconds + 60, witness));
    proof.status!.checkpoint.note = formatNote(cosigned);
    expect((await verify(log, proof, { witnessKeys })).still).toMatchObject({
      status: { asOf: '2026-03-01T08:31:00.000Z', word: { kind: 'witness', name: 'witness.example' } },
    });
    const forged = {
      ...clocked,
      signatures: clocked.signatures.map((line, i) =>
        i === 1 ? { ...line, signature: flipped(line.signature) } : line,
      ),
    };
    proof.status!.checkpoint.note = formatNote(forged);
    expect(outcomesOf(await verify(log, proof))).toMatchObject({ cosignature: 'failed' });
  });
});

const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));

describe('a log or a holder that lies about a status', () => {
  const revoke = ([one]: SampleRecord[]): SampleChange[] => [{ of: one!, to: 'revoked' }];
  const sound = logOf(revoke);
  const record = sound.records[0]!;

  it.each<[string, () => { log: SampleLog; proof: Proof }, object]>([
    [
      'a log that forgets an event',
      () => {
        const { log, records } = logOf(revoke);
        const proof = log.proof(records[0]!);
        const clean = logOf(() => []);
        proof.status!.leaf = clean.log.proof(clean.records[0]!).status!.leaf;
        return { log, proof };
      },
      { check: 'status-leaf', reason: 'bad-path' },
    ],
    [
      'one wrong status root',
      () => {
        const log = new SampleLog();
        const [one] = log.seal({ records: [{}] });
        log.seal({ others: 1 }, { statusRoot: new Uint8Array(32) });
        return { log, proof: log.proof(one!) };
      },
      { check: 'status-leaf', reason: 'bad-path' },
    ],
    [
      'a history cut short',
      () => ({ log: sound.log, proof: changed(sound.log.proof(record), (status) => (status.events = [])) }),
      { check: 'status-history', reason: 'incomplete' },
    ],
    [
      'an older status under a newer checkpoint',
      () => {
        const old = sound.log.status(record, 2);
        return {
          log: sound.log,
          proof: changed(sound.log.proof(record), (status) => {
            status.batch = { entry: old.batch.entry, path: sound.log.status({ batch: 1, index: 0 }).checkpoint.path };
            status.leaf = old.leaf;
            status.events = [];
          }),
        };
      },
      { check: 'status-root', reason: 'not-last' },
    ],
    [
      'the status of another record',
      () => ({
        log: sound.log,
        proof: { ...sound.log.proof(sound.records[1]!), status: sound.log.status(record) },
      }),
      { check: 'status-history', reason: 'other-record' },
    ],
    [
      'an event about another record',
      () => {
        const { log, records } = logOf(([one, two]) => [{ of: { ...two!, ordinal: one!.ordinal }, to: 'revoked' }]);
        return { log, proof: log.proof(records[0]!) };
      },
      { check: 'status-history', reason: 'other-record' },
    ],
    [
      'a statement in place of the logged one',
      () => ({
        log: sound.log,
        proof: changed(sound.log.proof(record), ({ events }) => (events[0]!.statement.reason = 'mistake')),
      }),
      { check: 'status-history', reason: 'other-statement' },
    ],
    [
      'an event that is not in the log',
      () => ({
        log: sound.log,
        proof: changed(sound.log.proof(record), ({ events }) => (events[0]!.index += 1)),
      }),
      { check: 'status-history', reason: 'other-root' },
    ],
    [
      'an event after an end',
      () => {
        const { log, records } = logOf(revoke, ([one]) => [{ of: one!, to: 'suspended' }]);
        return { log, proof: log.proof(records[0]!) };
      },
      { check: 'status-history', reason: 'incomplete' },
    ],
    [
      'two consumptions',
      () => {
        const consume = ([one]: SampleRecord[]): SampleChange[] => [{ of: one!, to: 'consumed' }];
        const { log, records } = logOf(consume, consume);
        return { log, proof: log.proof(records[0]!) };
      },
      { check: 'status-history', reason: 'incomplete' },
    ],
    [
      'a fork after a revocation, where the proof has a checkpoint of both',
      () => {
        const fork = logOf(() => []);
        const proof = sound.log.proof(record);
        proof.log.checkpoints.push({
          ...sound.log.checkpoint(1, 4),
          attestations: [{ type: 'unknown', value: { type: 'x' } }],
        });
        return { log: sound.log, proof: { ...proof, status: fork.log.status(record) } };
      },
      { check: 'status-root', reason: 'other-history' },
    ],
  ])('is named: %s', async (_, make, finding) => {
    const { log, proof } = make();
    const result = await verify(log, proof);
    expect(result.findings.filter(({ outcome }) => outcome === 'failed')).toContainEqual(
      expect.objectContaining(finding),
    );
    expect(result).toMatchObject({ verdict: 'mismatch', still: { state: 'unknown' } });
  });

  /** A proof whose status was changed, never signed again. */
  function changed(proof: Proof, change: (status: NonNullable<Proof['status']>) => void): Proof {
    const copy = structuredClone(proof);
    change(copy.status!);
    return copy;
  }
});
