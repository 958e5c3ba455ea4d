import { Injectable } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import { ProofService } from './proof.service.js';

/** Pause between two looks whether a record is sealed: they are cheap, since all that look at a time share one query. */
const LOOK_EVERY_MS = 50;

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
