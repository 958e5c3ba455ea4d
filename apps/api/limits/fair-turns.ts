/** What one request costs beside its body, in bytes of body that take as long. */
export const REQUEST_COST = 1024;

/** What a millisecond of work costs: what that much of a body takes, roughly. */
export const COST_PER_MS = 10 * REQUEST_COST;

/** What an agency's requests may cost in one turn of the event loop; what a request costs beyond that is paid off in later turns. */
const AGENCY_COST_PER_TURN = 16 * REQUEST_COST;

/** Requests without a key that are taken up in one turn of the event loop, whoever sends them, and while no agency has any. */
const PUBLIC_PER_TURN = 4;
const PUBLIC_PER_TURN_ALONE = 16;

/** Most requests of one agency, and most of all without a key, that wait for their turn. */
const MAX_WAITING = 4000;

interface Flow {
  /** What the agency's requests may still cost in this turn; negative while it owes. */
  credit: number;
  waiting: { cost: number; run: () => void }[];
}

/**
 * Shares the event loop out: each agency gets the same part of every turn, and all who come without a key get one smaller part together,
 * in which addresses take turns. Turns are short while nobody else wants any, so whoever is alone is not held up.
 */
export class FairTurns {
  readonly #agencies = new Map<number, Flow>();
  readonly #addresses = new Map<string, (() => void)[]>();
  #publicLeft = PUBLIC_PER_TURN_ALONE;
  #publicWaiting = 0;
  #turnEnds = false;

  /** Runs `run` in the agency's turn, at once where it has one left. `cost` in bytes, {@link REQUEST_COST} and the body.
   * @returns false when too many of the agency's requests wait already: `run` never runs */
  enterAgency(agencyId: number, cost: number, run: () => void): boolean {
    let flow = this.#agencies.get(agencyId);
    if (!flow) this.#agencies.set(agencyId, (flow = { credit: AGENCY_COST_PER_TURN, waiting: [] }));
    this.#endTurn();
    if (flow.credit > 0 && flow.waiting.length === 0) {
      flow.credit -= cost;
      run();
      return true;
    }
    if (flow.waiting.length >= MAX_WAITING) return false;
    flow.waiting.push({ cost, run });
    return true;
  }

  /** Charges the agency for work that `cost` did not cover: it is paid off before the agency's next turn. */
  charge(agencyId: number, cost: number): void {
    const flow = this.#agencies.get(agencyId);
    if (flow) flow.credit -= cost;
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
    for (const [agencyId, flow] of this.#agencies) {
      flow.credit = Math.min(AGENCY_COST_PER_TURN, flow.credit + AGENCY_COST_PER_TURN);
      while (flow.credit > 0 && flow.waiting.length > 0) {
        const { cost, run } = flow.waiting.shift()!;
        flow.credit -= cost;
        run();
      }
      if (flow.credit === AGENCY_COST_PER_TURN) this.#agencies.delete(agencyId);
    }
    for (const [address, waiting] of this.#addresses) {
      if (this.#publicLeft === 0) break;
      this.#publicLeft -= 1;
      this.#publicWaiting -= 1;
      const run = waiting.shift()!;
      // To the end of the line, behind all other addresses.
      this.#addresses.delete(address);
      if (waiting.length > 0) this.#addresses.set(address, waiting);
      run();
    }
    if (this.#agencies.size > 0 || this.#publicWaiting > 0) this.#endTurn();
  }
}
