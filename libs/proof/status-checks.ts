import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { equalHashes, leafHash } from '#merkle/hash.js';
import { BATCH_MAX_SIZE, type BatchEntry } from '#statement/batch-entry.js';
import { statementHash } from '#statement/entry.js';
import { type asking } from '#source/ask.js';
import { findProfile } from '#statement/profile.js';
import { statusOfState } from '#statement/status-change.js';
import { statusEntryProblem, type StatusStatement } from '#statement/status-statement.js';
import { eventProblem } from '#status/event.js';
import { historyProblem, type StatusAnswer, verifyStatus } from '#status/verify.js';
import { counted } from './anchor-checks.js';
import { checkBeacon } from './beacon-check.js';
import type { PathFault } from './finding.js';
import { pathFault } from './path-fault.js';
import type { ReadProof } from './proof.js';
import { parseTrustedKeys } from './trusted-key.js';
import type {
  ShownEvent,
  StatusFinding,
  StatusHistoryFinding,
  StatusLeafFinding,
  StatusRootFinding,
} from './status-finding.js';
import type { ReadLoggedBatch, ReadStatus, ReadStatusEvent } from './status-proof.js';
import { checkCosignatures, checkStatusAge, statusTime } from './status-time.js';

/** The record's ordinal: one number for every entry of the log. */
function ordinalOf({ entry, proof }: ReadProof): number {
  return entry.first + proof.batch.index;
}

/** What of a verification concerns the status. */
export interface StatusAccess {
  ask: ReturnType<typeof asking>;
  publicOnly?: boolean | undefined;
  witnessKeys?: readonly string[] | undefined;
  maxStatusAgeMs?: number | undefined;
  at?: Date | undefined;
  now: Date;
}

/**
 * Every check of what the proof says of the record's status, but for those of its checkpoint as such; none where it says nothing.
 *
 * @throws ProofError `bad-key` when a witness's key cannot be read
 */
export async function checkStatus(read: ReadProof, access: StatusAccess): Promise<StatusFinding[]> {
  const { status } = read;
  const { ask, at, maxStatusAgeMs, now, publicOnly = false } = access;
  const witnessKeys = parseTrustedKeys(access.witnessKeys ?? []);
  if (status === undefined) return [];
  const cosignatures = checkCosignatures(status.checkpoint, read, witnessKeys);
  const beacon = counted(await checkBeacon(status.batch.entry.beacon, ask), publicOnly);
  return [
    ...checkStatusParts(status, read),
    ...cosignatures,
    checkStatusAge(statusTime(status, cosignatures, beacon), read, { at: at ?? now, now }, maxStatusAgeMs),
  ];
}

/** Whether what a status says of a record holds under its checkpoint, whatever that is worth. */
export function checkStatusParts(
  status: ReadStatus,
  read: ReadProof,
): [StatusRootFinding, StatusLeafFinding, StatusHistoryFinding] {
  return [checkStatusRoot(status, read), checkStatusLeaf(status, read), checkStatusHistory(status, read)];
}

/** Whether the batch that is given is the last one of the status' checkpoint. */
function checkStatusRoot({ batch, checkpoint, events }: ReadStatus, read: ReadProof): StatusRootFinding {
  const { size } = checkpoint;
  const { number, first, size: entries, sealedAt } = batch.entry;
  const { origin } = read.entry;
  const facts = { check: 'status-root', batch: number, size } as const;
  const shown = [read.entry, batch.entry, ...events.map((event) => event.batch.entry)];
  const stranger = shown.find((entry) => entry.origin !== origin);
  if (stranger !== undefined) {
    return { ...facts, outcome: 'failed', reason: 'other-origin', expected: origin, got: stranger.origin };
  }
  if (number !== size - 1) return { ...facts, outcome: 'failed', reason: 'not-last' };
  const fault = logFault(batch, checkpoint);
  if (fault !== null) return { ...facts, outcome: 'failed', ...fault };
  const detail = shown
    .flatMap((earlier) => shown.map((later) => orderProblem(earlier, later)))
    .find((problem) => problem !== null);
  if (detail !== undefined) return { ...facts, outcome: 'failed', reason: 'bad-first', detail };
  const twin = read.checkpoints.find((one) => one.size === size && !equalHashes(one.root, checkpoint.root));
  if (twin !== undefined) {
    const [root, expected] = [bytesToHex(twin.root), bytesToHex(checkpoint.root)];
    return { ...facts, outcome: 'failed', reason: 'other-history', root, expected };
  }
  return { ...facts, outcome: 'passed', records: first + entries, sealedAt };
}

/** What the leaf says of the record, and whether it is the one under the status root. */
function checkStatusLeaf({ batch, leaf }: ReadStatus, read: ReadProof): StatusLeafFinding {
  const ordinal = ordinalOf(read);
  const answer = leafAnswer({ batch, leaf }, ordinal);
  const facts = { check: 'status-leaf', ordinal } as const;
  if (!answer.holds) return { ...facts, outcome: 'failed', reason: answer.reason, detail: answer.detail };
  return { ...facts, outcome: 'passed', status: statusOfState(answer.state) ?? 'untouched', event: answer.lastEvent };
}

/** Whether the events are in the log, are the record's, and lead from the beginning to what the leaf says. */
function checkStatusHistory(status: ReadStatus, read: ReadProof): StatusHistoryFinding {
  const check = 'status-history';
  const ordinal = ordinalOf(read);
  const answer = leafAnswer(status, ordinal);
  // Where the leaf does not hold it says so itself; the events are judged by what they lead to.
  const reached = answer.holds ? answer : null;
  for (const event of status.events) {
    const fault = eventFault(event, status, read);
    if (fault !== null) return { check, outcome: 'failed', event: eventOrdinal(event), ...fault };
  }
  const changes = status.events.map((event) => ({ ...event.entry, ordinal: eventOrdinal(event) }));
  const [newest] = changes;
  const claimed = reached ?? { state: newest?.state ?? 0, lastEvent: newest?.ordinal ?? null };
  const problem = historyProblem(ordinal, claimed, changes);
  if (problem !== null) return { check, outcome: 'failed', reason: 'incomplete', detail: problem };
  if (status.events.length === 0) return { check, outcome: 'not-applicable' };
  return { check, outcome: 'passed', events: status.events.map(shownEvent) };
}

function leafAnswer({ batch: { entry }, leaf }: Pick<ReadStatus, 'batch' | 'leaf'>, ordinal: number): StatusAnswer {
  const path = leaf.path.map((hex) => hexToBytes(hex));
  return verifyStatus({ ordinal, records: entry.first + entry.size, leaf: leaf.bytes, path, root: entry.statusRoot });
}

/** What keeps one event from being a logged event about the record; null when nothing does. */
function eventFault(
  event: ReadStatusEvent,
  { checkpoint }: ReadStatus,
  read: ReadProof,
): PathFault | { reason: 'other-statement' | 'other-record' | 'other-agency' | 'incomplete'; detail: string } | null {
  const { batch, entry, entryBytes, index, path, statement, statementText } = event;
  const { root, size } = batch.entry;
  const fault = pathFault({ leaf: leafHash(entryBytes), index, size, path, root }) ?? logFault(batch, checkpoint);
  if (fault !== null) return fault;
  if (!equalHashes(statementHash(statementText), entry.statementHash)) {
    return { reason: 'other-statement', detail: 'expected the statement whose hash the entry has, got another' };
  }
  const problem = statusEntryProblem(statement, entry);
  if (problem !== null) return { reason: 'other-statement', detail: problem };
  const { agency, profile } = read.proof.statement;
  if (statement.record !== undefined && statement.record !== read.proof.id) {
    return { reason: 'other-record', detail: `expected an event about ${read.proof.id}, got ${statement.record}` };
  }
  if (!mayChange(statement, agency, profile)) {
    return { reason: 'other-agency', detail: `expected ${agency}, got ${statement.agency}` };
  }
  const misplaced = eventProblem({ ...entry, ordinal: eventOrdinal(event) }, batch.entry.first);
  return misplaced === null ? null : { reason: 'incomplete', detail: misplaced };
}

/** Whether an agency may bring a record of this agency and profile where a statement says: its own anywhere, another's to `consumed` unless the
 * profile is known to forbid it. */
function mayChange({ agency, to }: StatusStatement, lodger: string, profile: string): boolean {
  return (
    agency === lodger || (to === 'consumed' && (findProfile(profile)?.consumers ?? 'every-agency') === 'every-agency')
  );
}

/** Why a batch does not stand at its number in the log of a checkpoint; null when it does. */
function logFault({ entry, entryBytes, path }: ReadLoggedBatch, { root, size }: ReadStatus['checkpoint']) {
  return pathFault({ leaf: leafHash(entryBytes), index: entry.number, size, path, root });
}

/** Why two batches of one log, the earlier first, cannot both be right about how many entries came before them, as a sentence; null when they can. */
export function orderProblem(earlier: BatchEntry, later: BatchEntry): string | null {
  const between = later.number - earlier.number - 1;
  if (between < 0) return null;
  const least = earlier.first + earlier.size + between;
  const most = earlier.first + earlier.size + between * BATCH_MAX_SIZE;
  if (later.first >= least && later.first <= most) return null;
  return `expected ${least} to ${most} entries before batch ${later.number}, since batch ${earlier.number} ends at ${earlier.first + earlier.size}, got ${later.first}`;
}

function eventOrdinal({ batch, index }: ReadStatusEvent): number {
  return batch.entry.first + index;
}

function shownEvent(event: ReadStatusEvent): ShownEvent {
  const { agency, by, effectiveAt, reason, receivedAt, to } = event.statement;
  const { number: batch, sealedAt } = event.batch.entry;
  return {
    ordinal: eventOrdinal(event),
    to,
    agency,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
    effectiveAt,
    receivedAt,
    batch,
    sealedAt,
  };
}
