import type { AcceptedRecord } from '#sdk/record.js';
import type { Language } from '#words/language.js';
import { commandLineWords } from '#words/command-line.js';
import { readDelays, tellDelays } from '#words/delays.js';
import { formatFor } from '#words/format.js';
import { CliError, EvidenceError } from '../cli-error.js';
import type { Context } from '../context.js';
import { keepProof } from '../evidence-file.js';
import { forEachAtOnce } from '../pool.js';
import { checkProof } from '../proof-check.js';
import { requestProof } from '../proof-request.js';
import type { ServiceClient } from '../service-client.js';
import type { Document } from './document.js';
import { besidePath } from './file-walk.js';
import { PROOF_SUFFIX } from '#proof/format.js';

/** Wait before asking again for a proof that is not made yet, unless the service names another. */
const SEAL_POLL_MS = 500;
/** Wait before asking again whether a checkpoint is anchored: the first time, and at most. */
const ANCHOR_POLL_MS = 5000;
const ANCHOR_POLL_MAX_MS = 60_000;

/** An accepted document whose proof is wanted. */
export interface Awaited {
  document: Document;
  record: Pick<AcceptedRecord, 'id'>;
  /** Set once the proof file is written. */
  proofPath?: string;
  anchored?: boolean;
  /** Batch of the record: what anchors one record of a batch anchors all. */
  batch?: string;
}

/** How to wait. */
export interface WaitOptions {
  anchored: boolean;
  timeoutMs: number;
  jobs: number;
  outputFolder: string | undefined;
  trustedKeys: readonly string[];
  /** In which a proof that does not hold is told. */
  language: Language;
  onProof(item: Awaited): void;
  onFailure(item: Awaited, error: CliError): void;
}

/**
 * Gets the proof of each record as soon as its batch is sealed and writes it beside the document; with `anchored`, then waits until
 * a public chain attests the batch and writes the grown proof. Failures of single proofs are reported and do not stop the others.
 */
export async function awaitProofs(
  context: Context,
  client: ServiceClient,
  items: readonly Awaited[],
  options: WaitOptions,
): Promise<void> {
  const deadline = context.now().getTime() + options.timeoutMs;
  const { notAnchoredInTime, notSealedInTime } = commandLineWords(options.language).evidence;
  const left = () => deadline - context.now().getTime();
  const each = (list: readonly Awaited[], work: (item: Awaited) => Promise<void>) =>
    forEachAtOnce(list, options.jobs, async (item) => {
      try {
        await work(item);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        options.onFailure(item, error);
      }
    });

  await each(items, async (item) => {
    for (;;) {
      const answer = await requestProof(client, item.record.id);
      if (answer.state === 'ready') {
        await keep(context, item, answer.text, options);
        options.onProof(item);
        return;
      }
      if (left() <= 0)
        throw new EvidenceError('not-ready', await withUsual(notSealedInTime, client, 'sealed', options.language));
      await context.sleep(answer.state === 'not-ready' ? answer.retryAfterMs || SEAL_POLL_MS : SEAL_POLL_MS);
    }
  });
  if (!options.anchored) return;

  let waiting = items.filter((item) => item.anchored === false);
  for (let pollMs = ANCHOR_POLL_MS; waiting.length > 0; pollMs = Math.min(pollMs * 2, ANCHOR_POLL_MAX_MS)) {
    if (left() <= 0) {
      const text = await withUsual(notAnchoredInTime, client, 'anchored', options.language);
      const error = new EvidenceError('not-ready', text);
      for (const item of waiting) options.onFailure(item, error);
      return;
    }
    await context.sleep(Math.min(pollMs, Math.max(left(), 0)));
    // One record of each batch is enough to see whether the batch is anchored.
    const scouts = [...new Map(waiting.map((item) => [item.batch, item])).values()];
    const refresh = async (item: Awaited) => {
      const answer = await requestProof(client, item.record.id);
      if (answer.state === 'ready') await keep(context, item, answer.text, options);
    };
    const failed = new Set<Awaited>();
    const refreshAll = (list: readonly Awaited[]) =>
      each(list, (item) =>
        refresh(item).catch((error: unknown) => {
          // An outage while waiting for hours is no reason to give up: the next round asks again.
          if (error instanceof CliError && error.code === 'unavailable') return;
          failed.add(item);
          throw error;
        }),
      );
    await refreshAll(scouts);
    const anchoredBatches = new Set(scouts.filter((item) => item.anchored).map((item) => item.batch));
    await refreshAll(waiting.filter((item) => anchoredBatches.has(item.batch) && !scouts.includes(item)));
    waiting = waiting.filter((item) => item.anchored !== true && !failed.has(item));
  }
}

async function keep(context: Context, item: Awaited, text: string, options: WaitOptions): Promise<void> {
  const { file, digests, salt } = item.document;
  const { id } = item.record;
  const { proof, anchored } = await checkProof(text, {
    id,
    digests,
    salt,
    trustedKeys: options.trustedKeys,
    language: options.language,
    now: context.now(),
  });
  item.proofPath = await keepProof(
    proof,
    item.proofPath ?? besidePath(file, PROOF_SUFFIX, options.outputFolder),
    besidePath(file, `.${id}${PROOF_SUFFIX}`, options.outputFolder),
    { inputs: [file.path], language: options.language, now: context.now() },
  );
  item.anchored = anchored;
  item.batch = proof.batch.entry;
}

/** A sentence, and how long what was waited for takes as a rule, where the service has measured it. */
async function withUsual(
  text: string,
  client: ServiceClient,
  until: 'sealed' | 'anchored',
  language: Language,
): Promise<string> {
  try {
    const delays = readDelays(await client.json('/v1/delays'));
    const told = tellDelays(delays, until, language, formatFor({ locale: language.locale }));
    return told.length === 0 ? text : [text, `${language.page.usual.heading}:`, ...told].join('\n  ');
  } catch (error) {
    if (error instanceof CliError) return text;
    throw error;
  }
}
