import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Submission } from '../anchor.js';
import { NodeFault } from '../json-rpc.js';
import { checkpointOf } from '../testing/checkpoint.js';
import type { Observed, Task } from './observed.js';
import { createPayingAnchor, type Learned, type PayingNode, type Stored } from './paying-anchor.js';
import { progressReader } from '../stored-progress.js';
import { currentVersions, type Progress, progressShape, type Version } from './progress.js';
import { blockWith, NOW, RULES, sampleVersion } from './testing/sample-life.js';

/** What may happen between two attempts, or in one: a process that dies there, a node that fails there. */
type Event =
  | { kind: 'attempt'; diesAt: number; failsAt: number; code: 'away' | 'untrue' }
  | { kind: 'block'; with: number | null }
  | { kind: 'reorganisation' }
  | { kind: 'forget' }
  | { kind: 'refuse'; fee: boolean }
  | { kind: 'rival' };

/** At which call something happens; mostly at none. */
const atCall = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
);

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('attempt' as const),
      diesAt: atCall,
      failsAt: atCall,
      code: fc.constantFrom('away', 'untrue'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('block' as const), with: fc.option(fc.nat(9)) }) },
  fc.constant({ kind: 'reorganisation' as const }),
  fc.constant({ kind: 'forget' as const }),
  fc.record({ kind: fc.constant('refuse' as const), fee: fc.boolean() }),
  fc.constant({ kind: 'rival' as const }),
);

class Died extends Error {}

/** A chain in memory with one claim a round; whatever was ever sent to it may be mined at any time while its claim is free. */
function createChain() {
  const state = {
    /** Versions that were ever sent, by id, with their claim. */
    sent: new Map<string, number>(),
    waiting: new Set<string>(),
    /** Blocks from height 1: the version or the stranger's claim that each holds. */
    blocks: [] as ({ id: string; claim: number } | null)[],
    refusal: null as 'fee' | 'other' | null,
    signed: 0,
  };
  const usedBy = (claim: number) => state.blocks.find((block) => block?.claim === claim)?.id;

  function observe({ progress }: Stored<Version>): Observed<Version> {
    const at = state.blocks.findIndex((block) => progress.transactions.some(({ id }) => id === block?.id));
    const facts = { now: NOW, height: state.blocks.length, finalHeight: state.blocks.length - 3, remarks: [] };
    if (at < 0) return { ...facts, block: { kind: 'none' } };
    const mined = { ...blockWith(state.blocks[at]!.id), number: at + 1 };
    return { ...facts, block: { kind: 'found', mined } };
  }

  function perform(task: Task<Version>, { progress }: Stored<Version>): Learned<Version> {
    const claim = progress.round;
    switch (task.kind) {
      case 'look': {
        const user = usedBy(claim);
        if (user !== undefined) return { claim: { kind: 'used' } };
        const held = currentVersions(progress).findLast(({ id }) => state.waiting.has(id));
        return { claim: { kind: 'open', held: held?.id ?? null } };
      }
      case 'send': {
        for (const { id } of task.versions) expect(progress.transactions.map((one) => one.id)).toContain(id);
        if (state.refusal !== null)
          return { sent: { taken: null, refusal: { about: state.refusal, reason: 'refused' } } };
        const [{ id }] = task.versions as [Version];
        state.sent.set(id, claim);
        state.waiting.add(id);
        return { sent: { taken: id, refusal: null } };
      }
      case 'sign': {
        const id = `v${state.signed++}`;
        return { signed: { version: { id, raw: id, cost: '1' } } };
      }
      // As a node proves it: by what stands deep in the chain, whenever it was first seen.
      case 'leave':
        return { isLeft: state.blocks.slice(0, -2).some((block) => block?.claim === claim) };
    }
  }

  function happen(what: Exclude<Event, { kind: 'attempt' }>, claim: number): void {
    switch (what.kind) {
      case 'block': {
        const free = [...state.sent].filter(([, of]) => usedBy(of) === undefined);
        const [id, of] = (what.with === null ? undefined : free[what.with % Math.max(free.length, 1)]) ?? [null, 0];
        if (id !== null) state.waiting.delete(id);
        state.blocks.push(id === null ? null : { id, claim: of });
        return;
      }
      case 'reorganisation':
        state.blocks.splice(-2, 2, null, null, null);
        return;
      case 'forget':
        state.waiting.clear();
        return;
      case 'refuse':
        state.refusal = state.refusal === null ? (what.fee ? 'fee' : 'other') : null;
        return;
      case 'rival':
        if (usedBy(claim) === undefined) state.blocks.push({ id: 'stranger', claim });
    }
  }

  return { state, observe, perform, happen };
}

it('sends nothing that is not stored, and never follows two claims that may both be mined, whatever dies, fails or is undone', async () => {
  const root = new Uint8Array(32).fill(7);
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 40, maxLength: 60 }), async (events) => {
      const chain = createChain();
      let calls = 0;
      let plan: Extract<Event, { kind: 'attempt' }> | null = null;
      const called = <R>(work: () => R): Promise<R> => {
        calls++;
        if (calls === plan?.failsAt) return Promise.reject(new NodeFault(plan.code, 'fails'));
        const done = work();
        return calls === plan?.diesAt ? Promise.reject(new Died()) : Promise.resolve(done);
      };
      const node: PayingNode<Version> = {
        observe: (stored) => called(() => chain.observe(stored)),
        perform: (task, stored) => called(() => chain.perform(task, stored)),
        alone: (work) => work(),
        explain: ({ message }) => message,
      };
      const anchor = createPayingAnchor<Version>({
        name: 'sample',
        id: 'sample',
        mostSpent: { amount: '9', unit: 'wei' },
        rules: RULES,
        pollSeconds: 1,
        now: () => new Date(NOW),
        readProgress: progressReader(progressShape(sampleVersion)),
        reach: () =>
          Promise.resolve({ nodes: [node], problems: [], words: { chain: 'sample', unit: 'wei', finalBlocks: 3 } }),
      });
      let stored: Submission | null = null;
      const attempt = async () => {
        calls = 0;
        try {
          stored =
            stored === null || stored.state === 'unsubmitted'
              ? await anchor.submit(checkpointOf(root), stored)
              : await anchor.confirm(stored);
        } catch (error) {
          if (!(error instanceof Died)) throw error;
        }
      };
      const claim = () => (stored === null ? 0 : (stored.progress as Progress<Version>).round);
      for (const what of events) {
        if (what.kind === 'attempt') {
          plan = what;
          await attempt();
          plan = null;
        } else chain.happen(what, claim());
        // A later claim is begun only when the earlier one is used by somebody else, three blocks deep.
        const open = [...new Set(chain.state.sent.values())].filter(
          (of) => !chain.state.blocks.slice(0, -2).some((block) => block?.claim === of),
        );
        if (what.kind === 'attempt') expect(open.length).toBeLessThanOrEqual(1);
      }
      // Left in peace, it comes to an end.
      chain.state.refusal = null;
      for (let i = 0; i < 40 && (stored as Submission | null)?.state !== 'final'; i++) {
        for (let step = 0; step < 4; step++) await attempt();
        chain.happen({ kind: 'block', with: chain.state.waiting.size > 0 ? i : null }, claim());
      }
      expect((stored as Submission | null)?.state).toBe('final');
    }),
    { numRuns: 300 },
  );
});
