import type { SubmissionState } from '../anchor.js';
import { at } from '../at.js';
import type { AttestedBlock, OpenTimestampsProgress } from './progress.js';

/** The sentence that says where a submission stands. Only what is known: a calendar's word on a block is never called confirmed. */
export function submissionDetail(
  state: SubmissionState,
  progress: OpenTimestampsProgress,
  quorum: number,
  nextTry: Date,
): string {
  const block = progress.blocks.find((candidate) => candidate.state === state);
  if (block) {
    const before = `so no later than ${block.time ? at(block.time) : 'that block'}`;
    if (state === 'final') return `final in Bitcoin block ${block.height}, ${before}`;
    return [`confirmed in Bitcoin block ${block.height}`, before, ...notFinalPart(block)].join(', ');
  }
  const answered = progress.calendars.filter(({ answeredAt }) => answeredAt !== null).length;
  const parts: string[] = [];
  if (answered === 0) {
    const reached = progress.calendars.some((calendar) => calendar.reached);
    parts.push(reached ? 'no calendar gave a usable answer' : 'no calendar reachable', `next try at ${at(nextTry)}`);
  } else {
    parts.push(`submitted to ${answered} of ${progress.calendars.length} calendars`);
    const attested = attestedPart(progress);
    if (progress.submittedAt === null) parts.push(`${quorum} needed`);
    if (attested !== null) parts.push(attested);
    else if (progress.submittedAt !== null) parts.push(`waiting for Bitcoin since ${at(progress.submittedAt)}`);
    const silent = progress.polls.length > 0 && progress.polls.every(({ outcome }) => outcome === 'failed');
    if (silent) parts.push('no calendar gave a usable answer when last asked for the upgrade');
    if (silent || progress.submittedAt === null) parts.push(`next try at ${at(nextTry)}`);
  }
  const rejected = progress.rejected.at(-1);
  if (rejected) parts.push(`dropped at ${at(rejected.at)}: ${rejected.reason}`);
  return parts.join(', ');
}

/** Why a confirmed block is not called final. */
function notFinalPart({ depth, unsure }: AttestedBlock): string[] {
  if (unsure.length > 0) return unsure;
  if (depth === null) return ['not called final: no header source says how deep it is'];
  return [`not final yet: ${depth} ${depth === 1 ? 'block' : 'blocks'} deep`];
}

/** What calendars claim and we could not establish; null when they claim nothing. */
function attestedPart(progress: OpenTimestampsProgress): string | null {
  const [block] = progress.blocks;
  if (!block) return null;
  const claim = `attested by calendar in block ${block.height}`;
  switch (block.state) {
    case 'unknown':
      return `${claim}, not checked: the header sources have no such block yet`;
    case 'disputed':
      return `${claim}, not confirmed: the header sources disagree about that block`;
    default:
      return `${claim}, not checked: no header source reachable`;
  }
}
