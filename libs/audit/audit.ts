import type { Sha256 } from '#merkle/hash.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { StatementError } from '#statement/error.js';
import type { AuditFinding, SeenHead } from './finding.js';
import { checkContinuation, checkSignature, readHead, seen } from './head.js';
import { readLogEntries } from './log-entries.js';
import type { LogSource } from './log-source.js';
import { EntryReader } from './public-entry.js';
import { emptyReplay, replayBatch, type ReplayState } from './replay.js';

/** What an audit knows of a log. */
export interface AuditState {
  /** The newest head that continued all heads before it; null before the first. */
  head: SeenHead | null;
  /** How far its batches were replayed. */
  replay: ReplayState;
  /** What was found that is signed, and so for ever. */
  lasting: AuditFinding[];
}

/** One step of an audit. After each the state is whole, and may be kept. */
export type AuditStep =
  | { kind: 'finding'; finding: AuditFinding }
  /** So many of the batches are replayed. */
  | { kind: 'progress'; batches: number; of: number };

/** The state before anything was seen; `keepEvents`: whether to keep every event, for {@link watch}. */
export function emptyAudit(sha256?: Sha256, keepEvents = false): AuditState {
  return { head: null, replay: emptyReplay(sha256, keepEvents), lasting: [] };
}

/**
 * Takes the newest checkpoint of a log and replays what it has not seen, up to there. `key`: verifier key (C2SP) of the log. Ends early where what is served is
 * not what was signed, and where it cannot be signed by the log that was seen before; the state is then as far as all was well.
 *
 * @throws AuditError `unreadable`, or what the source throws: then nothing is decided, and the state is as after the last step
 */
export async function* audit(
  state: AuditState,
  source: LogSource,
  { key, sha256 }: { key: string; sha256?: Sha256 | undefined },
): AsyncGenerator<AuditStep> {
  const now = readHead(await source.checkpoint());
  const before = state.head === null ? null : readHead(state.head.note);
  // Another log has another key: that it is another one is what there is to say.
  const isOther = before !== null && before.origin !== now.origin;
  const finding =
    (isOther ? null : checkSignature(now, key)) ??
    (before === null ? null : await checkContinuation(before, now, source));
  if (finding !== null) {
    if (finding.check === 'fork') keep(state, finding);
    yield { kind: 'finding', finding };
    return;
  }
  state.head = seen(now);

  const reader = new EntryReader(source, sha256);
  for await (const next of readLogEntries(state.replay.log, now, source, sha256)) {
    if ('check' in next) {
      yield { kind: 'finding', finding: next };
      return;
    }
    const sealed = sealedAfter(next.entries.at(-1)!);
    for (const entry of next.entries) {
      const read = (from: number, to: number) => reader.read(from, to, Math.max(to, sealed));
      const { findings, stopped } = await replayBatch(state.replay, entry, read, sha256);
      // All of them before the first is told: the state may be kept then, and the work ended.
      for (const one of findings) if (isLasting(one)) keep(state, one);
      for (const one of findings) yield { kind: 'finding', finding: one };
      if (stopped) return;
      yield { kind: 'progress', batches: state.replay.log.size, of: now.size };
    }
  }
}

/** Whether the log itself signed what was found. What is served may have been changed by anybody, and a smaller log may be shown by a server that is behind. */
function isLasting({ check }: AuditFinding): boolean {
  return check === 'batch-entry' || check === 'event' || check === 'status-root' || check === 'fork';
}

function keep({ lasting }: AuditState, finding: AuditFinding): void {
  const text = JSON.stringify(finding);
  if (!lasting.some((kept) => JSON.stringify(kept) === text)) lasting.push(finding);
}

/** Entries in the log after a batch, as its entry says; 0 when that cannot be read. */
function sealedAfter(bytes: Uint8Array): number {
  try {
    const { first, size } = parseBatchEntry(bytes);
    return first + size;
  } catch (error) {
    if (error instanceof StatementError) return 0;
    throw error;
  }
}
