import type { Limit } from './limited.js';

/** What one request costs beside its body, in bytes of body that take as long. */
export const REQUEST_COST = 1024;

/** What a millisecond of work costs: what that much of a body takes, roughly. */
const COST_PER_MS = 10 * REQUEST_COST;

/** What a millisecond costs in which a body is taken from its connection and looked through, piece by piece, outside of turns. */
const READ_COST_PER_MS = 100 * REQUEST_COST;

/** What an agency's requests may cost in one turn of the event loop; what a request costs beyond that is paid off in later turns. */
const AGENCY_COST_PER_TURN = 16 * REQUEST_COST;

/** Work that costs more than a turn holds up everybody: after it, such work rests for so many times as long as it took. */
const REST_FACTOR = 4;

/** It rests only for others: while a small request of another agency came within this time. */
const SMALL_WORK_MS = 50;

/** Requests without a key that are taken up in one turn of the event loop, whoever sends them, and while no agency has any. */
const PUBLIC_PER_TURN = 2;
const PUBLIC_PER_TURN_ALONE = 16;

/** Time after which no further request without a key is taken up in the same turn. */
const PUBLIC_MS_PER_TURN = 1;

/** Most requests of one agency, and most of all without a key, that wait for their turn. */
const MAX_WAITING = 4000;

/** The same as it is told to an agency. */
export const WAITING: Limit = { name: 'waiting', most: MAX_WAITING, unit: 'concurrent-requests' };

interface Work {
  cost: number;
  run: () => void;
}

interface Flow {
  agencyId: number;
  /** What the agency's requests may still cost in this turn; negative while it owes. */
  credit: number;
  waiting: Work[];
}

const isLarge = ({ cost }: Work) => cost > AGENCY_COST_PER_TURN;

/**
 * Shares the event loop out: each agency gets the same part of every turn, and all who come without a key get one smaller part together,
 * in which addresses take turns. Turns are short while nobody else wants any, so whoever is alone is not held up; but large work, of whichever
 * agency, leaves pauses for small.
 */
export class FairTurns {
  readonly #agencies = new Map<number, Flow>();
  readonly #addresses = new Map<string, (() => void)[]>();
  #publicLeft = PUBLIC_PER_TURN_ALONE;
  #publicWaiting = 0;
  #turnEnds = false;
  #largeRestsUntilMs = 0;
  /** Who sent the newest small request, and who before them did. */
  readonly #small = { agencyId: 0, cameMs: -Infinity };
  readonly #smallBefore = { agencyId: 0, cameMs: -Infinity };
  #restTimer: NodeJS.Timeout | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Runs `run` in the agency's turn, at once where it has one left. `cost` in bytes, {@link REQUEST_COST} and the body.
   * @returns false when too many of the agency's requests wait already: `run` never runs */
  enterAgency(agencyId: number, cost: number, run: () => void): boolean {
    const work = { cost, run };
    if (!isLarge(work)) this.#noteSmall(agencyId);
    return this.#enter(agencyId, work);
  }

  /** The same for the next part of work that was begun already, and whose last part took `workedMs`. */
  enterAgain(agencyId: number, workedMs: number, run: () => void): boolean {
    this.#restAfter(workedMs);
    return this.#enter(agencyId, { cost: workedMs * COST_PER_MS, run });
  }

  /** The same for a request without a key, from `address`. */
  enterPublic(address: string, run: () => void): boolean {
    this.#endTurn();
    if (this.#publicLeft > 0 && this.#publicWaiting === 0) {
      this.#publicLeft -= 1;
      run();
      return true;
    }
    if (this.#publicWaiting >= MAX_WAITING) return false;
    this.#publicWaiting += 1;
    const others = this.#addresses.get(address);
    if (others) others.push(run);
    else this.#addresses.set(address, [run]);
    return true;
  }

  #enter(agencyId: number, work: Work): boolean {
    let flow = this.#agencies.get(agencyId);
    if (!flow) this.#agencies.set(agencyId, (flow = { agencyId, credit: AGENCY_COST_PER_TURN, waiting: [] }));
    this.#endTurn();
    if (flow.waiting.length === 0 && this.#mayRun(flow, work)) {
      this.#run(flow, work);
      return true;
    }
    if (flow.waiting.length >= MAX_WAITING) return false;
    flow.waiting.push(work);
    return true;
  }

  #noteSmall(agencyId: number): void {
    if (this.#small.agencyId !== agencyId) Object.assign(this.#smallBefore, this.#small);
    this.#small.agencyId = agencyId;
    this.#small.cameMs = this.nowMs();
  }

  #mayRun(flow: Flow, work: Work): boolean {
    return flow.credit > 0 && (!isLarge(work) || this.nowMs() >= this.#largeFromMs(flow));
  }

  /** When the agency's large work goes on: after its rest, or earlier when no small work of others comes any more. */
  #largeFromMs({ agencyId }: Flow): number {
    const { cameMs } = this.#small.agencyId === agencyId ? this.#smallBefore : this.#small;
    return Math.min(this.#largeRestsUntilMs, cameMs + SMALL_WORK_MS);
  }

  #run(flow: Flow, work: Work): void {
    flow.credit -= work.cost;
    if (!isLarge(work)) return work.run();
    const began = this.nowMs();
    work.run();
    const workedMs = this.nowMs() - began;
    flow.credit -= Math.max(0, workedMs * COST_PER_MS - work.cost);
    this.#restAfter(Math.max(workedMs, work.cost / READ_COST_PER_MS));
  }

  #restAfter(workedMs: number): void {
    this.#largeRestsUntilMs = Math.max(this.#largeRestsUntilMs, this.nowMs() + workedMs * REST_FACTOR);
  }

  #endTurn(): void {
    if (this.#turnEnds) return;
    this.#turnEnds = true;
    // After the sockets that are ready now were read.
    setImmediate(() => {
      this.#turnEnds = false;
      this.#nextTurn();
    });
  }

  #nextTurn(): void {
    this.#publicLeft = this.#agencies.size > 0 ? PUBLIC_PER_TURN : PUBLIC_PER_TURN_ALONE;
    let owes = false;
    let restMs = Infinity;
    const inLine = [...this.#agencies.values()];
    for (const flow of inLine) {
      flow.credit = Math.min(AGENCY_COST_PER_TURN, flow.credit + AGENCY_COST_PER_TURN);
      // To the end of the line where something ran: when large work goes on after a rest, it is another agency's.
      if (this.#runWaiting(flow) || flow.waiting.length === 0) this.#agencies.delete(flow.agencyId);
      if (flow.credit < AGENCY_COST_PER_TURN || flow.waiting.length > 0) this.#agencies.set(flow.agencyId, flow);
      if (flow.credit < AGENCY_COST_PER_TURN) owes = true;
      else if (flow.waiting.length > 0) restMs = Math.min(restMs, this.#largeFromMs(flow) - this.nowMs());
    }
    this.#publicTurn();
    if (owes || this.#publicWaiting > 0) this.#endTurn();
    else if (restMs < Infinity) this.#endTurnAfter(restMs);
  }

  /** Whether anything ran. */
  #runWaiting(flow: Flow): boolean {
    let ran = false;
    while (flow.waiting.length > 0 && this.#mayRun(flow, flow.waiting[0]!)) {
      this.#run(flow, flow.waiting.shift()!);
      ran = true;
    }
    return ran;
  }

  #publicTurn(): void {
    if (this.#publicWaiting === 0) return;
    const end = this.nowMs() + PUBLIC_MS_PER_TURN;
    for (const [address, waiting] of this.#addresses) {
      if (this.#publicLeft === 0 || this.nowMs() >= end) break;
      this.#publicLeft -= 1;
      this.#publicWaiting -= 1;
      const run = waiting.shift()!;
      // To the end of the line, behind all other addresses.
      this.#addresses.delete(address);
      if (waiting.length > 0) this.#addresses.set(address, waiting);
      run();
    }
  }

  /** While all that waits is large and rests, turns would only be counted. */
  #endTurnAfter(restMs: number): void {
    if (this.#restTimer) return;
    const end = () => {
      this.#restTimer = undefined;
      this.#endTurn();
    };
    this.#restTimer = setTimeout(end, Math.max(1, restMs));
  }
}
