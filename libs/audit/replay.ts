import { bytesToHex } from '@noble/hashes/utils.js';
import { Frontier } from '#merkle/frontier.js';
import { equalHashes, leafHash, type Sha256 } from '#merkle/hash.js';
import { type BatchEntry, parseBatchEntry, PREVIOUS_LOG } from '#statement/batch-entry.js';
import { StatementError } from '#statement/error.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import { parseTime } from '#statement/time.js';
import type { StatusEvent } from '#status/event.js';
import { EventStore } from './event-store.js';
import type { ContentFinding, EntryFault, ServedFinding } from './finding.js';
import type { PublicEntry } from './public-entry.js';
import { StatusVector } from './vector.js';

/** How far clocks of one service may be apart, in milliseconds. */
const CLOCK_MS = 5 * 60 * 1000;

/** What a replay comes to after each batch, and all that it needs for the next. */
export interface ReplayState {
  /** Tree of the batch log; its size is the number of batches that were replayed. */
  log: Frontier;
  /** Entries in those batches. */
  records: number;
  /** Origin and time of the last of them; null before the first. */
  last: { origin: string; sealedAt: string } | null;
  /** Whether the last status root was not the right one: it is said once, until one is right again. */
  statusWrong: boolean;
  status: StatusVector;
  /** Every event so far, where somebody wants to look at them again; else null. */
  events: EventStore | null;
}

/** The state before the first batch; `keepEvents`: whether {@link ReplayState.events} are wanted. */
export function emptyReplay(sha256?: Sha256, keepEvents = false): ReplayState {
  return {
    log: new Frontier(0, [], sha256),
    records: 0,
    last: null,
    statusWrong: false,
    status: new StatusVector(new Map(), new Map(), sha256),
    events: keepEvents ? new EventStore() : null,
  };
}

/** What became of one batch. `stopped`: its own entries are not known, so that nothing after it can be judged; the state is as it was before. */
export interface ReplayedBatch {
  findings: (ContentFinding | ServedFinding)[];
  stopped: boolean;
}

/**
 * Replays the next batch: `bytes` is its entry in the log, which the caller has compared with a signed root, `readEntries` the public entries of ordinals
 * from and to. Updates the state when the batch's entries are those that its root stands for.
 */
export async function replayBatch(
  state: ReplayState,
  bytes: Uint8Array,
  readEntries: (from: number, to: number) => AsyncIterable<readonly PublicEntry[]>,
  sha256?: Sha256,
): Promise<ReplayedBatch> {
  const batch = state.log.size;
  const entry = readEntry(bytes);
  // What cannot be read says neither how many entries there are nor what they come to.
  if ('reason' in entry) return { findings: [{ check: 'batch-entry', batch, ...entry }], stopped: true };
  const findings: ReplayedBatch['findings'] = entryFaults(entry, state).map((fault) => ({
    check: 'batch-entry',
    batch,
    ...fault,
  }));

  const before = state.records;
  const after = before + entry.size;
  const tree = new Frontier(0, [], sha256);
  const events: StatusEvent[] = [];
  const found: { ordinal: number; entry: Uint8Array }[] = [];
  const unreadable: typeof findings = [];
  for await (const entries of readEntries(before, after)) {
    for (const { event, leafHash: leaf } of entries) {
      if (event !== null) {
        const ordinal = before + tree.size;
        const parsed = readEvent(event, ordinal);
        if ('reason' in parsed) unreadable.push({ check: 'event', batch, ordinal, ...parsed });
        else {
          events.push(parsed);
          found.push({ ordinal, entry: event });
        }
      }
      tree.append(leaf);
    }
  }
  const root = tree.root();
  if (!equalHashes(root, entry.root)) {
    const [expected, got] = [bytesToHex(entry.root), bytesToHex(root)];
    return { findings: [...findings, { check: 'batch-root', batch, expected, got }], stopped: true };
  }

  const { refused, root: statusRoot } = state.status.apply(before, after, events);
  findings.push(
    ...unreadable,
    ...refused.map(
      ({ event, fault }) => ({ check: 'event', batch, ordinal: event.ordinal, ...fault }) satisfies ContentFinding,
    ),
  );
  const right = equalHashes(statusRoot, entry.statusRoot);
  if (!right && !state.statusWrong)
    findings.push({
      check: 'status-root',
      batch,
      expected: bytesToHex(statusRoot),
      got: bytesToHex(entry.statusRoot),
    });
  for (const { entry: event, ordinal } of found) state.events?.add(ordinal, event);
  state.statusWrong = !right;
  state.records = after;
  state.last = { origin: entry.origin, sealedAt: entry.sealedAt };
  state.log.append(leafHash(bytes, sha256));
  return { findings, stopped: false };
}

/** What a batch entry says that it cannot say after the batch before it. */
function entryFaults(entry: BatchEntry, { last, log, records }: ReplayState): EntryFault[] {
  const { beacon, first, number, origin, sealedAt } = entry;
  const faults: EntryFault[] = [];
  if (number !== log.size) faults.push({ reason: 'number', expected: log.size, got: number });
  if (first !== records) faults.push({ reason: 'first', expected: records, got: first });
  if (last === null) return faults;
  // A log that follows another begins with a batch that says so.
  if (origin !== last.origin && beacon?.startsWith(`${PREVIOUS_LOG} `) !== true)
    faults.push({ reason: 'origin', expected: last.origin, got: origin });
  if (parseTime(sealedAt) < parseTime(last.sealedAt) - CLOCK_MS)
    faults.push({ reason: 'time', before: last.sealedAt, got: sealedAt });
  return faults;
}

function readEntry(bytes: Uint8Array): BatchEntry | EntryFault {
  try {
    return parseBatchEntry(bytes);
  } catch (error) {
    if (error instanceof StatementError) return { reason: 'malformed', detail: error.message };
    throw error;
  }
}

function readEvent(bytes: Uint8Array, ordinal: number): StatusEvent | { reason: 'malformed'; detail: string } {
  try {
    const { count, first, previous, state } = parseStatusEntry(bytes);
    return { ordinal, first, count, state, previous };
  } catch (error) {
    if (error instanceof StatementError) return { reason: 'malformed', detail: error.message };
    throw error;
  }
}
