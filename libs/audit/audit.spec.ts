import { describe, expect, it } from 'vitest';
import { SampleLog, type SampleRecord } from '#proof/testing/sample-log.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { audit, emptyAudit } from './audit.js';
import { formatState, parseState } from './kept-state.js';
import { auditAll, sampleSource } from './testing/sample-source.js';

const records = (count: number) => ({ records: Array.from({ length: count }, () => ({})) });
const statusRoot = (log: SampleLog, batch: number) => parseBatchEntry(log.batchEntries[batch]!).statusRoot;

/** Three records, a revocation, a suspension and its end, a range, all as it should be. */
function goodLog(): { log: SampleLog; made: SampleRecord[] } {
  const log = new SampleLog();
  const made = log.seal(records(3));
  log.seal({ changes: [{ of: made[0]!, to: 'revoked' }], others: 70 });
  log.seal({ changes: [{ of: made[1]!, to: 'suspended' }] });
  log.seal({
    ...records(2),
    changes: [
      { of: made[1]!, to: 'active' },
      { of: { first: 5, count: 60 }, to: 'revoked' },
    ],
  });
  log.seal({ others: 1 });
  return { log, made };
}

describe('an audit', () => {
  it('finds nothing in a log that is as it should be, whether at once or as it grows', async () => {
    const { log } = goodLog();
    const whole = await auditAll(log);
    expect(whole.findings).toEqual([]);
    expect(whole.state.replay).toMatchObject({ records: log.records, statusWrong: false });
    expect(whole.state.replay.status.standing(5)).toEqual({ state: 1, lastEvent: 78 });

    let state = emptyAudit();
    for (let size = 1; size <= log.batchEntries.length; size++) {
      const grown = await auditAll(log, sampleSource(log, undefined, size), state);
      expect(grown.findings, `${size}`).toEqual([]);
      expect(grown.state.replay.log.size).toBe(size);
      state = parseState(formatState(grown.state, { note: size })).state;
    }
    expect(state.replay.log.root()).toEqual(whole.state.replay.log.root());
    expect([...state.replay.status.leaves]).toEqual([...whole.state.replay.status.leaves]);
  });

  it('goes on after a kill at any step, and reads nothing twice that it kept', async () => {
    const { log } = goodLog();
    for (let steps = 1; steps <= 5; steps++) {
      const first = emptyAudit();
      let left = steps;
      for await (const step of audit(first, sampleSource(log), { key: log.key }))
        if (step.kind === 'progress' && --left === 0) break;
      const { state, notes } = parseState(formatState(first, { mine: steps }));
      expect(notes).toEqual({ mine: steps });
      expect(state.replay.log.size).toBe(steps);
      const { findings, state: end } = await auditAll(log, undefined, state);
      expect(findings).toEqual([]);
      expect(end.replay.records).toBe(log.records);
    }
  });

  it('goes over whole bundles of a long log, from any place', async () => {
    const log = new SampleLog();
    for (let i = 0; i < 600; i++) log.seal({ others: 1 });
    const state = emptyAudit();
    for (const size of [100, 256, 300, 600]) {
      const { findings } = await auditAll(log, sampleSource(log, undefined, size), state);
      expect(findings).toEqual([]);
      expect(state.replay.log.size).toBe(size);
    }
    const altered = sampleSource(log, (what, bytes) =>
      what === 'bundle/1' ? bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)) : bytes,
    );
    expect((await auditAll(log, altered)).findings).toEqual([{ check: 'log-entry', batch: 511 }]);
  });
});

describe('what a log must not say is named', () => {
  it('an event that the status root forgets, once, and by its batch', async () => {
    const log = new SampleLog();
    const [record] = log.seal(records(3)) as [SampleRecord];
    const twin = new SampleLog();
    twin.seal(records(3));
    twin.seal({ others: 1 });
    twin.seal({ others: 1 });
    log.seal({ changes: [{ of: record, to: 'revoked' }] }, { statusRoot: statusRoot(twin, 1) });
    log.seal({ others: 1 }, { statusRoot: statusRoot(twin, 2) });
    const { findings, state } = await auditAll(log);
    expect(findings).toMatchObject([{ check: 'status-root', batch: 1 }]);
    expect(state.lasting).toEqual(findings);
    expect(state.replay.log.size).toBe(3);
  });

  it('one wrong status root among right ones', async () => {
    const log = new SampleLog();
    log.seal(records(3));
    log.seal({ others: 1 }, { statusRoot: new Uint8Array(32).fill(7) });
    log.seal({ others: 1 });
    log.seal({ others: 1 }, { statusRoot: new Uint8Array(32).fill(8) });
    expect((await auditAll(log)).findings).toMatchObject([
      { check: 'status-root', batch: 1, got: '07'.repeat(32) },
      { check: 'status-root', batch: 3, got: '08'.repeat(32) },
    ]);
  });

  it('a record that is consumed twice', async () => {
    const log = new SampleLog();
    const [record] = log.seal(records(1)) as [SampleRecord];
    log.seal({ changes: [{ of: record, to: 'consumed' }] });
    log.seal({ changes: [{ of: record, to: 'consumed' }] });
    expect((await auditAll(log)).findings).toMatchObject([
      { check: 'event', batch: 2, ordinal: 2, reason: 'consumed-twice', record: 0, consumedBy: 1 },
      { check: 'status-root', batch: 2 },
    ]);
  });

  it.each([
    ['a range over a record that was touched', { of: { first: 0, count: 3 } }, { reason: 'touched-range', record: 1 }],
    ['a record that is not there yet', { of: { first: 3, count: 3 } }, { reason: 'not-yet-there' }],
    ['a step that no rule allows', { of: { first: 1, count: 1 } }, { reason: 'transition', from: 1, to: 2 }],
    [
      'another event before it',
      { of: { first: 0, count: 1 }, previous: 4 },
      { reason: 'previous', expected: null, got: 4 },
    ],
  ] as const)('an event about %s', async (_, change, fault) => {
    const log = new SampleLog();
    const made = log.seal(records(4));
    log.seal({ changes: [{ of: made[1]!, to: 'revoked' }] });
    log.seal({ changes: [{ ...change, to: 'suspended' }] });
    expect((await auditAll(log)).findings).toMatchObject([
      { check: 'event', batch: 2, ordinal: 5, ...fault },
      { check: 'status-root', batch: 2 },
    ]);
  });
});

describe('the newest checkpoint', () => {
  it('that contradicts one that was seen is a fork, told with both notes, for ever', async () => {
    const { log, made } = goodLog();
    const fork = goodLog().log;
    log.seal({ changes: [{ of: made[2]!, to: 'revoked' }] });
    fork.seal({ others: 1 });
    const { state } = await auditAll(log);
    const same = await auditAll(fork, undefined, state);
    const [before, now] = [log, fork].map((one) => ({ size: 6, note: one.checkpoint(0, 6).note }));
    expect(same.findings).toMatchObject([{ check: 'fork', before, now }]);

    // Also when it has grown since, and the old size is not shown any more.
    for (let i = 0; i < 3; i++) fork.seal({ others: 1 });
    const grown = await auditAll(fork, undefined, state);
    expect(grown.findings).toMatchObject([{ check: 'fork', before, now: { size: 9 } }]);
    expect(state.head).toMatchObject(before!);
    expect(state.lasting).toHaveLength(2);
    expect((await auditAll(log, undefined, state)).findings).toEqual([]);
    expect(state.lasting).toHaveLength(2);
  });

  it('that is smaller than one that was seen is a rollback, and not for ever', async () => {
    const { log } = goodLog();
    const { state } = await auditAll(log);
    const { findings } = await auditAll(log, sampleSource(log, undefined, 2), state);
    expect(findings).toMatchObject([{ check: 'rollback', before: { size: 5 }, now: { size: 2 } }]);
    expect(state.lasting).toEqual([]);
    expect((await auditAll(log, undefined, state)).findings).toEqual([]);
  });

  it('that is of another log is told as that, whoever signed it', async () => {
    const { log } = goodLog();
    const { state } = await auditAll(log);
    const next = ed25519NoteSigner('next.example', new Uint8Array(32).fill(9));
    const note = signNote(formatCheckpoint({ origin: 'next.example', size: 9, root: new Uint8Array(32) }), [next]);
    const source = { ...sampleSource(log), checkpoint: () => Promise.resolve(note) };
    const now = { origin: 'next.example', size: 9, note };
    expect((await auditAll(log, source, state)).findings).toMatchObject([{ check: 'other-log', now }]);
    expect(state.head?.size).toBe(5);
  });

  it('that the key did not sign, or not so, is told before anything is read', async () => {
    const { log } = goodLog();
    const source = sampleSource(log);
    const [text] = log.checkpoint(0, 5).note.split('\n\n') as [string];
    const signed = (note: string) => ({ ...source, checkpoint: () => Promise.resolve(note) });
    const stranger = ed25519NoteSigner('log.example/sealroot', new Uint8Array(32).fill(9));
    const foreign = await auditAll(log, signed(signNote(`${text}\n`, [stranger])));
    const signers = [formatVerifierKey(stranger.name, stranger.publicKey).split('+', 2).join('+')];
    expect(foreign.findings).toMatchObject([{ check: 'signature', reason: 'not-signed', key: log.key, signers }]);
    const wrong = await auditAll(log, signed(log.checkpoint(0, 5).note.replace('\n5\n', '\n6\n')));
    expect(wrong.findings).toMatchObject([{ check: 'signature', reason: 'wrong' }]);
    expect(source.asked).toEqual([]);
  });
});

describe('what is served and not signed', () => {
  it('is named wherever a bit is flipped, or is not readable; nothing of it is kept', async () => {
    const { log } = goodLog();
    const named = new Set<string>();
    for (const what of ['tile/0/0', 'bundle/0', 'page/0'])
      for (let at = 0; at < 160; at += 7) {
        const source = sampleSource(log, (asked, bytes) =>
          asked === what ? bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)) : bytes,
        );
        const state = emptyAudit();
        const found = await auditAll(log, source, state).catch((error: { code: string }) => {
          expect(error.code, `${what} ${at}`).toBe('unreadable');
          return { findings: [{ check: 'unreadable' }] };
        });
        expect(found.findings, `${what} ${at}`).toHaveLength(1);
        expect(state.lasting).toEqual([]);
        named.add(`${what} ${found.findings[0]!.check}`);
        expect((await auditAll(log, undefined, state)).findings).toEqual([]);
        expect(state.replay.log.size).toBe(5);
      }
    expect([...named].sort()).toEqual([
      'bundle/0 log-entry',
      'bundle/0 unreadable',
      'page/0 batch-root',
      'page/0 unreadable',
      'tile/0/0 log-tiles',
    ]);
  });

  it('does not come: nothing is decided, and what was found stays', async () => {
    const { log } = goodLog();
    const source = { ...sampleSource(log), page: () => Promise.reject(new Error('503')) };
    const state = emptyAudit();
    await expect(auditAll(log, source, state)).rejects.toThrow('503');
    expect(state.replay.log.size).toBe(0);
    expect((await auditAll(log, undefined, state)).findings).toEqual([]);
  });

  it('is not a state that was cut short or changed', async () => {
    const { state } = await auditAll(goodLog().log);
    const bytes = formatState(state, null);
    for (const broken of [bytes.slice(0, -1), bytes.map((byte, i) => (i === 300 ? byte ^ 1 : byte)), new Uint8Array(3)])
      expect(() => parseState(broken)).toThrow(expect.objectContaining({ code: 'bad-state' }));
  });
});
