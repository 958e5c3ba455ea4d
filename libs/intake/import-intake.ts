import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { type ImportGroup, ImportRepository, type Place } from '#database/import.repository.js';
import { formatTime } from '#statement/time.js';
import { acceptedItem, type ItemResult, refusedItem } from './accepted.js';
import { AgencySignatures, isSigned, type SignatureCheck } from './agency-signatures.js';
import { makeCandidate } from './candidate.js';
import { decidableLines } from './decidable-lines.js';
import { CHUNK_MAX_RECORDS, splitRepeats } from './group-commit.js';
import {
  answerLine,
  answerRefused,
  groupOf,
  type ImportLine,
  isSameLine,
  type PreparedGroup,
  type PreparedLine,
  recordIdOf,
  refusedLine,
} from './import-line.js';
import type { IntakeAgency } from './intake-agency.js';
import { nextNonce } from './nonce.js';
import { noteProfiles } from './note-profiles.js';
import { answerAgain, answerRepeat } from './repeat.js';
import { isSuperseding, type Plan, SupersedingIntake } from './superseding.js';

/** Longest time that lines are worked on without a pause, in milliseconds. */
const BITE_MS = 15;

/** Times that lines are decided anew because somebody else moved what they supersede. */
const MAX_ROUNDS = 8;

const NOTHING = { count: 0, answers: '', accepted: 0, failed: 0 };

/** Lines that were taken. */
export interface Taken {
  /** How many: fewer than were given where the next one cannot be decided yet. */
  count: number;
  /** NDJSON: a line for each. */
  answers: string;
  accepted: number;
  failed: number;
  /** Rolling hash up to the last of them. */
  linesHash: Uint8Array;
}

/** Takes the lines of imports, a group at a time: their records, and that they were taken, in one commit. */
@Injectable()
export class ImportIntake {
  /** Most lines of a group: they become one chunk. */
  readonly groupLines: number;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'batchMaxRecords'>,
    private readonly imports: ImportRepository,
    private readonly profiles: AgencyProfileRepository,
    private readonly signatures: AgencySignatures,
    private readonly superseding: SupersedingIntake,
  ) {
    this.groupLines = Math.min(CHUNK_MAX_RECORDS, config.batchMaxRecords);
  }

  /** Makes records of lines. `pause` is awaited, with the milliseconds worked since, whenever they have kept others waiting long enough. */
  async prepare(
    agency: IntakeAgency,
    lines: Iterable<ImportLine>,
    pause: (workedMs: number) => Promise<void>,
  ): Promise<PreparedGroup> {
    const receivedAtMs = Date.now();
    let signatures: SignatureCheck | null = null;
    const prepared: PreparedLine[] = [];
    let beganMs = performance.now();
    for (const line of lines) {
      const workedMs = performance.now() - beganMs;
      if (workedMs > BITE_MS) {
        await pause(workedMs);
        beganMs = performance.now();
      }
      if (signatures === null && 'item' in line && isSigned(line.item))
        signatures = await this.signatures.freshCheck(agency, receivedAtMs);
      prepared.push(
        'problem' in line
          ? refusedLine(line.hash, line.problem)
          : this.#prepare(agency, line, receivedAtMs, signatures),
      );
    }
    return { receivedAtMs, lines: prepared };
  }

  #prepare(
    agency: IntakeAgency,
    { hash, item }: { hash: string; item: unknown },
    receivedAtMs: number,
    signatures: SignatureCheck | null,
  ): PreparedLine {
    const made = makeCandidate(agency, item, receivedAtMs, nextNonce(), signatures);
    return 'candidate' in made ? { hash, candidate: made.candidate } : refusedLine(hash, problemOf(made.invalid));
  }

  /**
   * Takes lines, at most {@link groupLines}, as those from number `place.first` on. `before` is the rolling hash of all lines before them. What supersedes a record
   * that is not in the log yet, as a line before it may have stored, waits: the lines before it are taken, none where it is the first. Resolves to null, with
   * nothing stored, when the writer is the writer no more; throws what the database throws, and then whether they were taken is open.
   */
  async commit(agency: IntakeAgency, place: Place, before: Uint8Array, group: PreparedGroup): Promise<Taken | null> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const taken = await this.#commit(agency, place, before, group);
      if (taken !== 'moved') return taken;
    }
    return { ...NOTHING, linesHash: before };
  }

  async #commit(
    agency: IntakeAgency,
    place: Place,
    before: Uint8Array,
    { lines: given, receivedAtMs }: PreparedGroup,
  ): Promise<Taken | null | 'moved'> {
    const decidable = given.slice(0, decidableLines(given, this.groupLines));
    const plan = await this.#plan(agency, decidable, receivedAtMs);
    const lines = decidable.slice(0, plan.undecided);
    if (lines.length === 0) return { ...NOTHING, linesHash: before };
    const receivedAt = formatTime(receivedAtMs);
    const candidates = lines.flatMap((line) => ('candidate' in line ? [line.candidate] : []));
    const plain = candidates.filter((candidate) => !isSuperseding(candidate));
    let results: (ItemResult | string)[] = [];
    let group: ImportGroup | undefined;
    const records = { ...splitRepeats(plain), successors: plan.successors };
    const outcome = await this.imports.commit(place, records, (taken, holders) => {
      results = lines.map((line) => {
        if ('refused' in line) return line.refused;
        const { candidate } = line;
        const decided = plan.answers.get(candidate.id);
        if (decided !== undefined) return decided;
        return taken.has(candidate.id)
          ? answerRepeat(candidate, holders)
          : acceptedItem(candidate.id, receivedAt, candidate.statement, candidate.leafHex, false);
      });
      return (group = groupOf(place.first, before, lines, results));
    });
    if (outcome !== 'stored') return outcome === 'moved' ? 'moved' : null;
    const profiles = lines.flatMap((line, i) => {
      const result = results[i]!;
      return 'candidate' in line && typeof result !== 'string' && result.outcome === 'accepted'
        ? [line.candidate.profile]
        : [];
    });
    await noteProfiles(this.profiles, agency, profiles, receivedAtMs);
    let answers = '';
    for (const [i, result] of results.entries())
      answers +=
        typeof result === 'string' ? answerRefused(place.first + i, result) : answerLine(place.first + i, result.json);
    const { count, failed, linesHash } = group!;
    return { count, answers, accepted: count - failed, failed, linesHash };
  }

  /** Decides about the lines that supersede something: what is to be stored, the answers to them by the ids of their records, and the number of the first line,
   * from 0, that cannot be decided yet. */
  async #plan(
    agency: IntakeAgency,
    lines: readonly PreparedLine[],
    receivedAtMs: number,
  ): Promise<Pick<Plan, 'successors'> & { answers: Map<string, ItemResult>; undecided: number }> {
    const candidates = lines.flatMap((line) =>
      'candidate' in line && isSuperseding(line.candidate) ? [line.candidate] : [],
    );
    const answers = new Map<string, ItemResult>();
    if (candidates.length === 0) return { successors: [], answers, undecided: lines.length };
    const { refusals, successors } = await this.superseding.plan(agency, candidates, receivedAtMs);
    const repeats = await this.superseding.repeats(candidates.filter(({ id }) => refusals.has(id)));
    const waits = (id: string) => refusals.get(id)?.code === 'not-sealed' && !repeats.has(id);
    const found = lines.findIndex((line) => 'candidate' in line && waits(line.candidate.id));
    const undecided = found === -1 ? lines.length : found;
    const now = new Set(lines.slice(0, undecided).flatMap((line) => ('candidate' in line ? [line.candidate.id] : [])));
    for (const [id, refusal] of refusals) answers.set(id, repeats.get(id) ?? refusedItem(refusal));
    const receivedAt = formatTime(receivedAtMs);
    const stored = successors.filter(({ record }) => now.has(record.id));
    for (const { record, event } of stored)
      answers.set(record.id, acceptedItem(record.id, receivedAt, record.statement, record.leafHex, false, event));
    return { successors: stored, answers, undecided };
  }

  /**
   * Answers lines again that were taken before, from number `first` on: `answers`, and the number of the first line that is another one than was taken then,
   * which ends them; null when there is none.
   */
  async answerAgain(
    id: string,
    first: number,
    lines: readonly Pick<ImportLine, 'hash'>[],
  ): Promise<{ answers: string; other: number | null }> {
    let answers = '';
    let at = 0;
    while (at < lines.length) {
      const group = await this.imports.groupOf(id, first + at);
      if (group === null) throw new Error(`Answering line ${first + at} of import ${id} again: it is in no group`);
      const from = first + at - group.first;
      const here = lines.slice(at, at + group.count - from);
      const ids = here.map((_, i) => recordIdOf(group, from + i));
      const statements = await this.imports.statements(ids.filter((recordId) => recordId !== null));
      const problems = problemsOf(group);
      const events = await this.superseding.events(
        [...statements].map(([recordId, statement]) => ({ id: recordId, statement })),
      );
      for (const [i, line] of here.entries()) {
        if (!isSameLine(group, from + i, line.hash)) return { answers, other: first + at + i };
        const recordId = ids[i]!;
        answers +=
          recordId === null
            ? answerRefused(first + at + i, JSON.stringify(problems.get(from + i)))
            : answerLine(
                first + at + i,
                answerAgain({ id: recordId, statement: statements.get(recordId)! }, events.get(recordId)).json,
              );
      }
      at += here.length;
    }
    return { answers, other: null };
  }
}

/** The problems of a group's refused lines, by their number in the group. */
function problemsOf(group: ImportGroup): Map<number, object> {
  const problems = JSON.parse(group.problems) as object[];
  const refused = Array.from({ length: group.count }, (_, at) => at).filter((at) => recordIdOf(group, at) === null);
  return new Map(refused.map((at, i) => [at, problems[i]!]));
}

function problemOf(result: ItemResult): object {
  return result.outcome === 'rejected' ? result.problem : {};
}
