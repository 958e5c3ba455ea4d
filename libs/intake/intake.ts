import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { type HolderRow, RecordRepository } from '#database/record.repository.js';
import { formatTime } from '#statement/time.js';
import { type Accepted, acceptedItem, type ItemResult, leavesOf, refusedItem } from './accepted.js';
import { type Candidate, makeCandidate } from './candidate.js';
import { IntakeError } from './error.js';
import { CHUNK_MAX_RECORDS, GroupCommit } from './group-commit.js';
import type { IntakeAgency } from './intake-agency.js';
import { noteProfiles } from './note-profiles.js';
import { Receipts } from './receipts.js';
import { answerRepeat } from './repeat.js';
import { SupersedingIntake } from './superseding.js';

/** Longest time that one request is worked on without a pause, in milliseconds. */
const BITE_MS = 15;

/** Accepts records: checks them, makes their statements and leaves, stores them, and promises it in a signed receipt. */
@Injectable()
export class IntakeService {
  readonly #commits: GroupCommit;

  constructor(
    @Inject(CONFIG)
    config: Pick<Config, 'commitIntervalMs' | 'commitMaxRecords' | 'batchMaxRecords'>,
    private readonly records: RecordRepository,
    private readonly receipts: Receipts,
    private readonly profiles: AgencyProfileRepository,
    private readonly superseding: SupersedingIntake,
  ) {
    // A chunk never exceeds a batch, or it could not be sealed.
    const chunkRecords = Math.min(CHUNK_MAX_RECORDS, config.batchMaxRecords);
    this.#commits = new GroupCommit((group) => records.insert(group, chunkRecords), {
      intervalMs: config.commitIntervalMs,
      maxRecords: config.commitMaxRecords,
    });
  }

  /** Records that wait for their commit or are in it. */
  get waitingRecords(): number {
    return this.#commits.waitingRecords;
  }

  /** Accepts what is right among `items` (parsed JSON, one record each) and says for each item what became of it. Resolves after the commit.
   * `pause` is awaited, with the milliseconds worked since, whenever many items have kept others waiting long enough.
   * @throws IntakeError when the request as a whole should be repeated later */
  async accept(
    agency: IntakeAgency,
    items: unknown[],
    pause: (workedMs: number) => Promise<void> = nextTurn,
  ): Promise<Accepted> {
    const giveBack = this.#commits.admit(items.length);
    try {
      return await this.#accept(agency, items, pause, giveBack);
    } finally {
      giveBack();
    }
  }

  async #accept(
    agency: IntakeAgency,
    items: unknown[],
    pause: (workedMs: number) => Promise<void>,
    giveBack: () => void,
  ): Promise<Accepted> {
    const receivedAtMs = Date.now();
    const receivedAt = formatTime(receivedAtMs);
    const results: (ItemResult | undefined)[] = Array.from({ length: items.length });
    const candidates: Candidate[] = [];
    const places: number[] = [];
    let beganMs = performance.now();
    const superseding: { place: number; candidate: Candidate; old: string }[] = [];
    for (const [i, item] of items.entries()) {
      const workedMs = performance.now() - beganMs;
      if (workedMs > BITE_MS) {
        await pause(workedMs);
        beganMs = performance.now();
      }
      const made = makeCandidate(agency, item, receivedAtMs);
      if ('invalid' in made) {
        results[i] = made.invalid;
        continue;
      }
      const { candidate } = made;
      if (candidate.supersedes !== undefined) {
        superseding.push({ place: i, candidate, old: candidate.supersedes });
        continue;
      }
      candidates.push(candidate);
      places.push(i);
    }

    giveBack();
    const taken = await this.#commits.commit(candidates);
    const repeats = taken.size === 0 ? [] : candidates.filter((candidate) => taken.has(candidate.id));
    const holders = repeats.length === 0 ? new Map<string, HolderRow>() : await this.#holders(repeats);
    for (const [i, candidate] of candidates.entries()) {
      results[places[i]!] = taken.has(candidate.id)
        ? answerRepeat(candidate, holders)
        : acceptedItem(candidate.id, receivedAt, candidate.statement, candidate.leafHex, false);
    }

    for (const { place, candidate, old } of superseding)
      results[place] = await this.#supersede(agency, candidate, old, receivedAtMs);

    const stored = [
      ...candidates.filter(({ id }) => !taken.has(id)),
      ...superseding.filter(({ place }) => results[place]?.outcome === 'accepted').map(({ candidate }) => candidate),
    ].map(({ profile }) => profile);
    const noted = noteProfiles(this.profiles, agency, stored, receivedAtMs);
    const leaves = leavesOf(results as ItemResult[]);
    // Asked for at once: those of one commit group share a signature.
    const receipt = leaves === '' ? undefined : await this.receipts.issue(leaves);
    await noted;
    return { results: results as ItemResult[], receipt };
  }

  async #supersede(agency: IntakeAgency, candidate: Candidate, old: string, receivedAtMs: number): Promise<ItemResult> {
    const repeat = async () => {
      const holders = candidate.reference === null ? new Map<string, HolderRow>() : await this.#holders([candidate]);
      return holders.size === 0 ? null : answerRepeat(candidate, holders);
    };
    const before = await repeat();
    if (before !== null) return before;
    const outcome = await this.superseding.lodge(agency, candidate, old, receivedAtMs);
    if (outcome === 'reference-taken') return (await repeat())!;
    if ('refusal' in outcome) return refusedItem(outcome.refusal);
    return acceptedItem(candidate.id, formatTime(receivedAtMs), candidate.statement, candidate.leafHex, false, outcome);
  }

  /** Refuses new requests and resolves when everything accepted is committed. An HTTP server need not call it: closing it waits for the
   * answers of its requests, and an answer comes after the commit. */
  async drain(): Promise<void> {
    await this.#commits.drain();
  }

  async #holders(repeats: Candidate[]): Promise<Map<string, HolderRow>> {
    try {
      return await this.records.holders(repeats);
    } catch (cause) {
      // The other items of the request are stored by now.
      throw new IntakeError(
        'outcome-unknown',
        'The records were stored, but those that repeat a reference could not be looked up. Repeat the request: records with a reference are never stored twice',
        1,
        { cause },
      );
    }
  }
}

/** Lets the event loop serve others. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
