import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { BlockSource } from '#source/block-source.js';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { mergeTimestamps } from '#ots/merge.js';
import { prune } from '#ots/prune.js';
import { pathFrom } from '#ots/timestamp-path.js';
import type { Timestamp } from '#ots/timestamp.js';
import { listAttestations } from '#ots/visit.js';
import type { Anchor, AnchoredCheckpoint, Submission, SubmissionState } from '../anchor.js';
import { AnchorError } from '../error.js';
import { graftWithinLimits, readAnswer, upgradeOf, wantPromise } from './answer.js';
import { blockKey, checkAttestations } from './attestation-check.js';
import { createCalendarAllowList } from './calendar-allow-list.js';
import { createCalendarClient } from './calendar-client.js';
import { submissionDetail } from './detail.js';
import { parseProgress, type CalendarPoll, type OpenTimestampsProgress } from './progress.js';

const ROOT_BYTES = 32;
const NONCE_BYTES = 16;
/** Pending attestations asked in one round. */
const MAX_POLLS = 64;
/** First wait after a round of submitting that missed the quorum, doubled each round up to the longest. */
const RETRY_SECONDS = 15;
const MAX_RETRY_SECONDS = 3600;
/** Waits for an upgrade grow by this factor, to at most this many times the configured time. */
const POLL_GROWTH = 1.25;
const MAX_POLL_FACTOR = 6;
/** How the adapter is set up. */
export interface OpenTimestampsSettings {
  /** Calendars to submit to; those equal in scheme, host, port and path may be asked for upgrades as well. */
  calendars: readonly string[];
  /** Further calendars that may be asked for upgrades; see {@link createCalendarAllowList} for the pattern. */
  allow: readonly string[];
  /** Calendars that must answer before a root counts as submitted. */
  quorum: number;
  timeoutMs: number;
  /** First wait for an upgrade. */
  pollSeconds: number;
  /** Where the headers come from that decide whether a Bitcoin attestation is true. With none, nothing is ever confirmed. */
  blockSources: readonly BlockSource[];
  fetch: typeof fetch;
  now: () => Date;
  /** Unpredictable bytes, for the blinding. */
  randomBytes: (length: number) => Uint8Array;
}

/** The anchor that takes roots to OpenTimestamps calendars, which take them to Bitcoin. Calendars see only SHA-256(root ‖ nonce).
 * @throws AnchorError `bad-settings` */
export function createOpenTimestampsAnchor(settings: OpenTimestampsSettings): Anchor {
  const { quorum, now } = settings;
  const chain = { blockSources: settings.blockSources, now };
  const calendars = [...new Set(settings.calendars)];
  const allowList = createCalendarAllowList(calendars, settings.allow);
  const client = createCalendarClient(settings);
  const promiseOf = wantPromise(allowList);
  if (quorum < 1 || quorum > calendars.length)
    throw new AnchorError('bad-settings', `OpenTimestamps quorum: expected 1 to ${calendars.length}, got ${quorum}`);

  async function submit({ root }: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    if (root.length !== ROOT_BYTES)
      throw new AnchorError('bad-root', `Submitting: expected a root of ${ROOT_BYTES} bytes, got ${root.length}`);
    const begun = earlier ? read(earlier) : { progress: freshProgress(root), timestamp: null };
    if (begun.progress.root !== bytesToHex(root))
      throw new AnchorError('bad-submission', `Submitting: expected an earlier submission of this root, got another's`);
    if (earlier && (earlier.state === 'confirmed' || earlier.state === 'final')) return earlier;

    const base = pathFrom(root).append(hexToBytes(begun.progress.nonce)).sha256();
    const known = new Map(begun.progress.calendars.map((calendar) => [calendar.url, calendar]));
    const missing = calendars.filter((url) => !known.get(url)?.answeredAt);
    const answers = await Promise.all(
      missing.map(async (url) => ({ url, answer: await client.submit(url, base.message) })),
    );
    let { timestamp } = begun;
    for (const { url, answer } of answers) {
      const promised = readAnswer(answer, { message: base.message, depth: base.operations.length }, promiseOf);
      const answeredAt = 'timestamp' in promised ? now().toISOString() : null;
      known.set(url, {
        url,
        answeredAt,
        failure: 'failure' in promised ? promised.failure : null,
        reached: answer.kind !== 'failed' || answer.reached,
      });
      if (!('timestamp' in promised)) continue;
      const whole = base.end(promised.timestamp);
      timestamp = timestamp ? mergeTimestamps(timestamp, whole) : whole;
    }
    const answered = [...known.values()].filter(({ answeredAt }) => answeredAt !== null).length;
    const progress: OpenTimestampsProgress = {
      ...begun.progress,
      calendars: [...known.values()],
      submitRounds: begun.progress.submitRounds + 1,
      submittedAt: begun.progress.submittedAt ?? (answered >= quorum ? now().toISOString() : null),
    };
    // Short of the quorum, what the others promised may still reach Bitcoin, and that is worth more than a quorum.
    if (earlier && timestamp && progress.submittedAt === null) return advance(timestamp, progress);
    return result(timestamp, progress);
  }

  async function confirm(submission: Submission): Promise<Submission> {
    const { progress, timestamp } = read(submission);
    return timestamp ? advance(timestamp, progress) : submission;
  }

  /** One round: check what is attested, ask for what is missing, check what came. */
  async function advance(before: Timestamp, earlier: OpenTimestampsProgress): Promise<Submission> {
    let { timestamp, progress } = await checkAttestations(before, earlier, chain);
    const upgradable = progress.blocks.some(({ state }) => state === 'final') ? [] : nodesToAsk(timestamp, progress);
    const asked = await Promise.all(
      upgradable.slice(0, MAX_POLLS).map(async ({ message, depth, calendar }) => {
        const answer = await client.upgrade(calendar, message);
        return { calendar, answer, upgrade: readAnswer(answer, { message, depth }, upgradeOf) };
      }),
    );
    if (asked.some(({ upgrade }) => 'timestamp' in upgrade)) {
      // The new word replaces claims about blocks that nobody has, or a lying calendar could add to the tree for ever.
      const unknown = new Set(progress.blocks.filter(({ state }) => state === 'unknown').map(blockKey));
      const kept = prune(timestamp, (attestation, { message }) =>
        attestation.type !== 'bitcoin' ? true : !unknown.has(blockKey({ height: attestation.height, message })),
      );
      timestamp = kept ?? timestamp;
    }
    const polls: CalendarPoll[] = [];
    for (const { calendar, answer, upgrade } of asked) {
      const grafted = 'timestamp' in upgrade ? graftWithinLimits(timestamp, upgrade.timestamp) : upgrade;
      const outcome = 'timestamp' in grafted ? 'upgraded' : answer.kind === 'not-yet' ? 'not-yet' : 'failed';
      const detail = 'timestamp' in grafted ? 'gave a Bitcoin attestation' : grafted.failure;
      polls.push({ calendar, at: now().toISOString(), outcome, detail });
      if ('timestamp' in grafted) ({ timestamp } = grafted);
    }
    if (polls.some(({ outcome }) => outcome === 'upgraded'))
      ({ timestamp, progress } = await checkAttestations(timestamp, progress, chain));
    const changed = JSON.stringify(progress.blocks) !== JSON.stringify(earlier.blocks);
    return result(timestamp, { ...progress, polls, pollRounds: changed ? 0 : earlier.pollRounds + 1 });
  }

  /** The pending attestations whose calendar we may ask and that lack a Bitcoin attestation which could still hold. */
  function nodesToAsk(
    timestamp: Timestamp,
    progress: OpenTimestampsProgress,
  ): { message: Uint8Array; depth: number; calendar: string }[] {
    const open = new Set(progress.blocks.filter(({ state }) => state === 'unknown').map(blockKey));
    const depths = new Map(listAttestations(timestamp).map(({ message, depth }) => [bytesToHex(message), depth]));
    return pendingNodes(timestamp).flatMap(({ node, calendars: named }) => {
      const answered = listAttestations(node).some(
        ({ attestation, message }) =>
          attestation.type === 'bitcoin' && !open.has(blockKey({ height: attestation.height, message })),
      );
      if (answered) return [];
      const depth = depths.get(bytesToHex(node.message)) ?? 0;
      return named
        .filter((calendar) => allowList.allows(calendar))
        .map((calendar) => ({ message: node.message, depth, calendar }));
    });
  }

  function freshProgress(root: Uint8Array): OpenTimestampsProgress {
    const nonce = bytesToHex(settings.randomBytes(NONCE_BYTES));
    const none = {
      submittedAt: null,
      submitRounds: 0,
      pollRounds: 0,
      calendars: [],
      polls: [],
      blocks: [],
      rejected: [],
    };
    return { version: 1, root: bytesToHex(root), nonce, startedAt: now().toISOString(), ...none };
  }

  function result(timestamp: Timestamp | null, progress: OpenTimestampsProgress): Submission {
    const state = stateOf(progress);
    const retryAfterSeconds = waitSeconds(state, progress);
    const nextTry = new Date(now().getTime() + retryAfterSeconds * 1000);
    return {
      state,
      attestation: timestamp && serializeTimestamp(timestamp),
      detail: submissionDetail(state, progress, quorum, nextTry),
      retryAfterSeconds,
      progress,
    };
  }

  function waitSeconds(state: SubmissionState, { submitRounds, pollRounds }: OpenTimestampsProgress): number {
    const { pollSeconds } = settings;
    if (state === 'final') return pollSeconds;
    const wait =
      state === 'unsubmitted'
        ? Math.min(Math.min(RETRY_SECONDS, pollSeconds) * 2 ** (submitRounds - 1), MAX_RETRY_SECONDS)
        : pollSeconds * Math.min(POLL_GROWTH ** pollRounds, MAX_POLL_FACTOR);
    return Math.ceil(wait);
  }

  return { name: 'opentimestamps', submit, confirm };
}

function stateOf(progress: OpenTimestampsProgress): SubmissionState {
  const states = new Set(progress.blocks.map(({ state }) => state));
  if (states.has('final')) return 'final';
  if (states.has('confirmed')) return 'confirmed';
  return progress.submittedAt === null ? 'unsubmitted' : 'pending';
}

/** The adapter's own view of a stored submission; the timestamp must be of the blinded root that its progress names. */
function read(submission: Submission): { progress: OpenTimestampsProgress; timestamp: Timestamp | null } {
  const progress = parseProgress(submission.progress);
  if (submission.attestation === null) return { progress, timestamp: null };
  try {
    const root = hexToBytes(progress.root);
    const timestamp = parseTimestamp(submission.attestation, root);
    const blinded = sha256(concatBytes(root, hexToBytes(progress.nonce)));
    const [first] = timestamp.operations;
    const [second] = first?.next.operations ?? [];
    if (!second || bytesToHex(second.next.message) !== bytesToHex(blinded))
      throw new AnchorError(
        'bad-submission',
        'Reading a submission: expected a timestamp of the blinded root, got another',
      );
    return { progress, timestamp };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    throw new AnchorError('bad-submission', 'Reading a submission: expected a readable timestamp', { cause: error });
  }
}

/** The nodes of the tree that hold a pending attestation, each with the calendars it names. */
function pendingNodes(timestamp: Timestamp): { node: Timestamp; calendars: string[] }[] {
  const calendars = timestamp.attestations.flatMap((attestation) =>
    attestation.type === 'pending' ? [attestation.uri] : [],
  );
  const below = timestamp.operations.flatMap(({ next }) => pendingNodes(next));
  return calendars.length > 0 ? [{ node: timestamp, calendars }, ...below] : below;
}
