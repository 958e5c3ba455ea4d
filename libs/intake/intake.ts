import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { type HolderRow, RecordRepository } from '#database/record.repository.js';
import { formatTime } from '#statement/time.js';
import { type Accepted, acceptedItem, type ItemResult, leavesOf, type Superseding } from './accepted.js';
import { AgencySignatures, type SignatureCheck } from './agency-signatures.js';
import { type Candidate, makeCandidate } from './candidate.js';
import { IntakeError } from './error.js';
import { CHUNK_MAX_RECORDS, GroupCommit } from './group-commit.js';
import type { IntakeAgency } from './intake-agency.js';
import { noteProfiles } from './note-profiles.js';
import { nonceOf, type Origin } from './origin.js';
import { Receipts } from './receipts.js';
import { answerAgain, answerRepeat } from './repeat.js';
import { isSuperseding, type SupersedingCandidate, SupersedingIntake } from './superseding.js';

/** Longest time that one request is worked on without a pause, in milliseconds. */
const BITE_MS = 15;

/** Accepts records: checks them, makes their statements and leaves, stores them, and promises it in a signed receipt. */
@Injectable()
export class IntakeService {
  readonly #commits: GroupCommit;
  readonly #chunkRecords: number;

  constructor(
    @Inject(CONFIG)
    config: Pick<Config, 'commitIntervalMs' | 'commitMaxRecords' | 'batchMaxRecords'>,
    private readonly records: RecordRepository,
    private readonly receipts: Receipts,
    private readonly profiles: AgencyProfileRepository,
    private readonly superseding: SupersedingIntake,
    @Inject(AgencySignatures) private readonly signatures: Pick<AgencySignatures, 'checkFor'>,
  ) {
    // A chunk never exceeds a batch, or it could not be sealed.
    this.#chunkRecords = Math.min(CHUNK_MAX_RECORDS, config.batchMaxRecords);
    this.#commits = new GroupCommit((group) => records.insert(group, this.#chunkRecords), {
      intervalMs: config.commitIntervalMs,
      maxRecords: config.commitMaxRecords,
    });
  }

  /** Records that wait for their commit or are in it. */
  get waitingRecords(): number {
    return this.#commits.waitingRecords;
  }

  /** Accepts what is right among `items` (parsed JSON, one record each) and says for each item what became of it. Resolves after the commit.
   * `pause` is awaited, with the milliseconds worked since, whenever many items have kept others waiting long enough. With an `origin`, items that it has made
   * records of before are not stored again.
   * @throws IntakeError when the request as a whole should be repeated later */
  async accept(
    agency: IntakeAgency,
    items: unknown[],
    pause: (workedMs: number) => Promise<void> = nextTurn,
    origin: Origin | null = null,
  ): Promise<Accepted> {
    const giveBack = this.#commits.admit(agency.id, items.length);
    try {
      const receivedAtMs = origin?.receivedAtMs ?? Date.now();
      const signatures = await this.signatures.checkFor(agency, items, receivedAtMs);
      const made = await makeAll(agency, items, { receivedAtMs, origin, signatures }, pause);
      const before = origin?.again === true ? await this.records.existing(made.all.map(({ id }) => id)) : NONE;
      giveBack();
      return await this.#store(agency, made, receivedAtMs, before);
    } finally {
      giveBack();
    }
  }

  async #store(
    agency: IntakeAgency,
    { candidates, places, results, superseding }: Made,
    receivedAtMs: number,
    before: ReadonlySet<string>,
  ): Promise<Accepted> {
    const receivedAt = formatTime(receivedAtMs);
    // A request is stored as a whole: where some of it is, what is not was a repeated reference.
    const isStored = candidates.some(({ id }) => before.has(id));
    const taken = isStored
      ? new Set(candidates.filter(({ id }) => !before.has(id)).map(({ id }) => id))
      : await this.#commits.commit(candidates);
    const repeats = taken.size === 0 ? [] : candidates.filter((candidate) => taken.has(candidate.id));
    const holders = repeats.length === 0 ? new Map<string, HolderRow>() : await this.#holders(repeats);
    for (const [i, candidate] of candidates.entries()) {
      results[places[i]!] = taken.has(candidate.id)
        ? answerRepeat(candidate, holders)
        : acceptedItem(candidate.id, receivedAt, candidate.statement, candidate.leafHex, false);
    }

    const again = superseding.filter(({ candidate }) => before.has(candidate.id)).map(({ candidate }) => candidate);
    const events = await this.#events(again);
    const open = superseding.filter(({ candidate }) => !before.has(candidate.id)).map(({ candidate }) => candidate);
    const accepted = await this.superseding.accept(agency, open, receivedAtMs, this.#chunkRecords);
    for (const { place, candidate } of superseding)
      results[place] = accepted.get(candidate.id) ?? answerAgain(candidate, events.get(candidate.id));

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

  /** Refuses new requests and resolves when everything accepted is committed. An HTTP server need not call it: closing it waits for the
   * answers of its requests, and an answer comes after the commit. */
  async drain(): Promise<void> {
    await this.#commits.drain();
  }

  async #events(again: readonly Candidate[]): Promise<Map<string, Superseding>> {
    try {
      return await this.superseding.events(again);
    } catch (cause) {
      throw new IntakeError('outcome-unknown', 'What was stored before could not be looked up. Repeat the request', 1, {
        cause,
      });
    }
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

const NONE: ReadonlySet<string> = new Set();

/** What the items of a request come to before anything is stored. */
interface Made {
  /** In the order of the items; undefined for those that are not decided yet. */
  results: (ItemResult | undefined)[];
  /** Records that are stored together, and their places among the items. */
  candidates: Candidate[];
  places: number[];
  /** Records that take the place of others. */
  superseding: { place: number; candidate: SupersedingCandidate }[];
  all: Candidate[];
}

/** What goes for all items of a request. */
interface Making {
  receivedAtMs: number;
  origin: Origin | null;
  signatures: SignatureCheck | null;
}

async function makeAll(
  agency: IntakeAgency,
  items: readonly unknown[],
  { origin, receivedAtMs, signatures }: Making,
  pause: (workedMs: number) => Promise<void>,
): Promise<Made> {
  const made: Made = {
    results: Array.from({ length: items.length }),
    candidates: [],
    places: [],
    superseding: [],
    all: [],
  };
  let beganMs = performance.now();
  for (const [i, item] of items.entries()) {
    const workedMs = performance.now() - beganMs;
    if (workedMs > BITE_MS) {
      await pause(workedMs);
      beganMs = performance.now();
    }
    const record = makeCandidate(agency, item, receivedAtMs, nonceOf(origin, i), signatures);
    if ('invalid' in record) {
      made.results[i] = record.invalid;
      continue;
    }
    const { candidate } = record;
    made.all.push(candidate);
    if (isSuperseding(candidate)) {
      made.superseding.push({ place: i, candidate });
      continue;
    }
    made.candidates.push(candidate);
    made.places.push(i);
  }
  return made;
}

/** Lets the event loop serve others. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
