import { Injectable } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import { ProofService } from './proof.service.js';

/** What the proofs of accepted records are waited for with: for the single record or all of an array. */
export interface ProofWish {
  one: (id: string) => Promise<string | null>;
  all: (ids: readonly string[], pause: (workedMs: number) => Promise<void>) => Promise<Map<string, string> | null>;
}

/** Pause between two looks whether a record is sealed: they are cheap, since all that look at a time share one query. */
const LOOK_EVERY_MS = 50;

/** Proofs that are put together at a time. */
const AT_ONCE = 64;

/** Waits for proofs. */
@Injectable()
export class ProofWaitService {
  constructor(private readonly proofs: ProofService) {}

  /** The proof of an agency's record, as JSON on one line, once it is sealed; null when it is not within `seconds`, or `isGone` says that nobody waits any more. */
  async proof(id: string, agencyId: number, seconds: number, isGone: () => boolean): Promise<string | null> {
    const endMs = performance.now() + seconds * 1000;
    for (;;) {
      const proof = await this.#find(id, agencyId);
      if (proof !== null || performance.now() >= endMs || isGone()) return proof;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** The proofs of several, by id, once all are sealed; null when they are not in time. `pause` is awaited, with the milliseconds worked since, between bites. */
  async all(
    ids: readonly string[],
    agencyId: number,
    seconds: number,
    isGone: () => boolean,
    pause: (workedMs: number) => Promise<void>,
  ): Promise<Map<string, string> | null> {
    const endMs = performance.now() + seconds * 1000;
    const proofs = new Map<string, string>();
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const here = ids.slice(at, at + AT_ONCE);
      // They are mostly in one batch: while the first is not sealed, the others need not be asked for.
      const left = Math.max(0, endMs - performance.now()) / 1000;
      if ((await this.proof(here[0]!, agencyId, left, isGone)) === null) return null;
      const beganMs = performance.now();
      const rest = Math.max(0, endMs - beganMs) / 1000;
      const found = await Promise.all(here.map((id) => this.proof(id, agencyId, rest, isGone)));
      for (const [i, proof] of found.entries()) {
        if (proof === null) return null;
        proofs.set(here[i]!, proof);
      }
      await pause(performance.now() - beganMs);
    }
    return proofs;
  }

  async #find(id: string, agencyId: number): Promise<string | null> {
    const variant = { format: 'json', name: 'json' } as const;
    try {
      const { body } = await this.proofs.find({ id, variant, status: undefined, agencyId });
      return body.toString('utf8').trimEnd();
    } catch (error) {
      if (error instanceof Problem && error.code === 'proof-not-ready') return null;
      throw error;
    }
  }
}
