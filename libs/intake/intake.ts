import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { logSparsely } from '#config/sparse-log.js';
import type { NewRecord } from '#database/record-insert.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { RecordRepository, referenceKey } from '#database/record.repository.js';
import type { Digests } from '#statement/digest.js';
import { parseRecordRequest } from '#statement/record-request.js';
import { buildRecordStatement } from '#statement/statement.js';
import { formatTime } from '#statement/time.js';
import {
  type Accepted,
  acceptedItem,
  conflictingItem,
  invalidItem,
  type ItemResult,
  leavesOf,
  refusedItem,
} from './accepted.js';
import { IntakeError } from './error.js';
import { GroupCommit } from './group-commit.js';
import type { IntakeAgency } from './intake-agency.js';
import { nextNonce } from './nonce.js';
import { Receipts } from './receipts.js';
import { recordLeaf } from './record-leaf.js';
import { SupersedingIntake } from './superseding.js';

/** Most leaves in one chunk: a batch takes whole chunks, so small ones fill it better; and a chunk is one row. */
const CHUNK_MAX_RECORDS = 1000;

/** Longest time that one request is worked on without a pause, in milliseconds. */
const BITE_MS = 15;

/** A checked item on its way to the database. */
interface Candidate extends NewRecord {
  digests: Digests;
  blinded: boolean;
  profile: string;
  supersedes: string | undefined;
}

/** Accepts records: checks them, makes their statements and leaves, stores them, and promises it in a signed receipt. */
@Injectable()
export class IntakeService {
  readonly #logger = new Logger('intake');
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
      const parsed = parseRecordRequest(item);
      if ('error' in parsed) {
        results[i] = invalidItem(parsed.error.errors);
        continue;
      }
      const request = parsed.ok;
      const statement = buildRecordStatement({
        agency: agency.domain,
        profile: request.profile,
        digests: request.digests,
        blinded: request.blinded,
        receivedAt,
        nonce: nextNonce(),
        reference: request.reference,
        claimsJcs: request.claimsJcs,
        validFrom: request.validFrom,
        validUntil: request.validUntil,
        supersedes: request.supersedes,
      });
      const leaf = recordLeaf(receivedAtMs, request.digests, statement);
      const candidate = {
        id: leaf.id,
        agencyId: agency.id,
        digestHex: leaf.digestHex,
        otherDigestsHex: leaf.otherDigestsHex,
        statement,
        leafHex: leaf.leafHex,
        reference: request.reference ?? null,
        digests: request.digests,
        blinded: request.blinded === true,
        profile: request.profile,
        supersedes: request.supersedes,
      };
      if (request.supersedes !== undefined) {
        superseding.push({ place: i, candidate, old: request.supersedes });
        continue;
      }
      candidates.push(candidate);
      places.push(i);
    }

    giveBack();
    const taken = await this.#commits.commit(candidates);
    const repeats = taken.size === 0 ? [] : candidates.filter((candidate) => taken.has(candidate.id));
    const holders = repeats.length === 0 ? new Map<string, Holder>() : await this.#holders(repeats);
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
    const noted = this.#noteProfiles(agency, stored, receivedAtMs);
    const leaves = leavesOf(results as ItemResult[]);
    // Asked for at once: those of one commit group share a signature.
    const receipt = leaves === '' ? undefined : await this.receipts.issue(leaves);
    await noted;
    return { results: results as ItemResult[], receipt };
  }

  async #supersede(agency: IntakeAgency, candidate: Candidate, old: string, receivedAtMs: number): Promise<ItemResult> {
    const repeat = async () => {
      const holders = candidate.reference === null ? new Map<string, Holder>() : await this.#holders([candidate]);
      return holders.size === 0 ? null : answerRepeat(candidate, holders);
    };
    const before = await repeat();
    if (before !== null) return before;
    const outcome = await this.superseding.lodge(agency, candidate, old, receivedAtMs);
    if (outcome === 'reference-taken') return (await repeat())!;
    if ('refusal' in outcome) return refusedItem(outcome.refusal);
    return acceptedItem(candidate.id, formatTime(receivedAtMs), candidate.statement, candidate.leafHex, false, outcome);
  }

  /** The records are stored: what goes wrong here is told to the operator, and made up for by the next one. */
  async #noteProfiles(agency: IntakeAgency, profiles: string[], receivedAtMs: number): Promise<void> {
    await this.profiles.note(agency.id, profiles, new Date(receivedAtMs)).catch((error: Error) => {
      logSparsely(this.#logger, 'warn', `the profiles of ${agency.domain} were not noted: ${error.message}`);
    });
  }

  /** Refuses new requests and resolves when everything accepted is committed. An HTTP server need not call it: closing it waits for the
   * answers of its requests, and an answer comes after the commit. */
  async drain(): Promise<void> {
    await this.#commits.drain();
  }

  async #holders(repeats: Candidate[]): Promise<Map<string, Holder>> {
    try {
      return await this.records.holders(
        repeats.map(({ agencyId, reference }) => ({ agencyId, reference: reference! })),
      );
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

interface Holder {
  id: string;
  statement: string;
}

/** The same digests under the same reference are a retry and get the first answer again; other digests are a conflict. */
function answerRepeat(candidate: Candidate, holders: Map<string, Holder>): ItemResult {
  const reference = candidate.reference!;
  const holder = holders.get(referenceKey(candidate.agencyId, reference))!;
  const held = JSON.parse(holder.statement) as {
    digests: Digests;
    blinded?: true;
    receivedAt: string;
    supersedes?: string;
  };
  const isSame =
    sameDigests(held.digests, candidate.digests) &&
    (held.blinded === true) === candidate.blinded &&
    held.supersedes === candidate.supersedes;
  if (!isSame) return conflictingItem(reference, holder.id);
  const { leafHex } = recordLeaf(Date.parse(held.receivedAt), held.digests, holder.statement);
  return acceptedItem(holder.id, held.receivedAt, holder.statement, leafHex, true);
}

function sameDigests(a: Digests, b: Digests): boolean {
  const algorithms = Object.keys(a) as (keyof Digests)[];
  return algorithms.length === Object.keys(b).length && algorithms.every((algorithm) => a[algorithm] === b[algorithm]);
}
