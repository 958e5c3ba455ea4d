import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Anchor, Json, Submission } from '#anchors/anchor.js';
import type { AnchorPolicySettings } from '#config/anchor-policy.js';
import { CONFIG } from '#config/config.js';
import { within } from '#config/within.js';
import { type HeldSubmission, type Started, SubmissionRepository } from '#database/submission.repository.js';
import { parseNote } from '#tlog/note.js';
import { startTerms } from './anchor-terms.js';
import { ANCHORS, type Anchors } from './anchors.js';
import { AttemptSlots } from './attempt-slots.js';

/** How long one attempt may take before another process may repeat it, in seconds: longer than an anchor's slowest round. */
const HOLD_SECONDS = 120;

/** Time after which an attempt is given up: before its hold ends, so that it can still be noted. */
const ATTEMPT_LIMIT_SECONDS = 110;

/** Wait after an attempt that failed inside the service, doubled with each that fails after it up to the longest, in seconds. */
const FAILURE_WAIT_SECONDS = 15;
const FAILURE_MAX_WAIT_SECONDS = 3600;

/** What an attempt came to. */
export interface AnchoringResult {
  anchor: string;
  checkpointSize: number;
  state: Submission['state'];
  detail: string;
  /** Whether the last attempt came to something else. */
  isNews: boolean;
}

/** Takes checkpoints to anchors. Each method is one attempt: hold the row, ask the anchor, store its answer before anything else. A crash
 * between any two of these leaves a held row, and the attempt is repeated when the hold has run out. */
@Injectable()
export class AnchoringService {
  readonly #logger = new Logger('anchors');
  /** An anchor that hangs at a start is given no other meanwhile, at least by this process. */
  readonly #starting = new AttemptSlots(1);
  /** How often submissions have failed in this process since they last did not, by their keys. */
  readonly #failures = new Map<string, number>();

  constructor(
    @Inject(ANCHORS) private readonly anchors: Anchors,
    private readonly submissions: SubmissionRepository,
    @Inject(CONFIG) private readonly config: AnchorPolicySettings,
    private readonly slots: AttemptSlots,
  ) {}

  /** Takes the newest checkpoint to an anchor. Null when the anchor is not due for one, which is what a repeated job finds,
   * is paused, or has not come back from the last one.
   * @throws what the anchor or the database threw, after noting it in the row if possible */
  async start(anchorName: string): Promise<AnchoringResult | null> {
    const terms = startTerms(this.#anchor(anchorName), this.config);
    return this.#starting.occupy(anchorName, async () => {
      const { held } = await this.submissions.start(terms, HOLD_SECONDS, (started) => this.#tell(anchorName, started));
      return held && this.#attempt(held);
    });
  }

  /** Goes on with a submission that is due. Null when it is not, which is what a repeated job finds, or when its anchor's slots are taken.
   * @throws as {@link start} */
  async goOn(anchorName: string, submissionId: string): Promise<AnchoringResult | null> {
    return this.slots.occupy(anchorName, async () => {
      const held = await this.submissions.hold(submissionId, HOLD_SECONDS);
      return held && this.#attempt(held);
    });
  }

  async #attempt(held: HeldSubmission): Promise<AnchoringResult | null> {
    const { anchor, checkpointSize } = held;
    let answer: Submission;
    try {
      // An anchor that never answers must not keep a job for ever.
      answer = await within(this.#ask(held), ATTEMPT_LIMIT_SECONDS * 1000, () => {
        throw new Error(`Anchoring: expected an answer within ${ATTEMPT_LIMIT_SECONDS} seconds, got none`);
      });
    } catch (error) {
      const failures = (this.#failures.get(held.id) ?? 0) + 1;
      this.#failures.set(held.id, failures);
      const wait = Math.min(FAILURE_WAIT_SECONDS * 2 ** (failures - 1), FAILURE_MAX_WAIT_SECONDS);
      const next = new Date(Date.now() + wait * 1000).toISOString();
      await this.submissions.postpone(held, `the last attempt failed in this service, next try at ${next}`, wait);
      throw error;
    }
    this.#failures.delete(held.id);
    const stored = await this.submissions.store(held, answer, nextSeconds(held, answer));
    if (!stored) return null;
    const { state, detail } = answer;
    const isNews = held.answer?.state !== state || held.answer.detail !== detail;
    return { anchor, checkpointSize, state, detail, isNews };
  }

  async #ask(held: HeldSubmission): Promise<Submission> {
    const anchor = this.#anchor(held.anchor);
    const checkpoint = { size: held.checkpointSize, root: held.root, text: parseNote(held.note).text };
    if (held.answer === null) return anchor.submit(checkpoint, null);
    // How long the last answer asked to wait is spent by now.
    const earlier: Submission = { ...held.answer, progress: held.answer.progress as Json, retryAfterSeconds: 0 };
    return earlier.state === 'unsubmitted' ? anchor.submit(checkpoint, earlier) : anchor.confirm(earlier);
  }

  #anchor(name: string): Anchor {
    const anchor = this.anchors.get(name);
    if (!anchor) throw new Error(`Anchoring: expected one of ${[...this.anchors.keys()].join(', ')}, got ${name}`);
    return anchor;
  }

  /** Says that an anchor's budget pauses it, once when that begins, and once when it goes on. */
  #tell(anchor: string, { pause, wasPaused }: Started): void {
    if (pause && !wasPaused) {
      const until = pause.until?.toISOString() ?? null;
      this.#logger.warn({ event: 'anchor.paused', anchor, until, detail: pause.detail });
    }
    if (!pause && wasPaused) this.#logger.log({ event: 'anchor.resumed', anchor });
  }
}

/** What is final is looked at again when its age has grown by this share: often on its first day, some 60 times, and every few weeks after years. */
const FINAL_AGE_SHARE = 1 / 8;

/** When to look again. What is final is looked at for ever, but ever less often: the older a block, the less can happen to it. */
function nextSeconds(held: HeldSubmission, answer: Submission): number {
  if (answer.state !== 'final' || held.confirmedAt === null) return answer.retryAfterSeconds;
  return Math.max(answer.retryAfterSeconds, ((Date.now() - held.confirmedAt.getTime()) / 1000) * FINAL_AGE_SHARE);
}
