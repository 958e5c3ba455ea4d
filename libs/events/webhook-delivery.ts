import type { NewFeedEvent } from '#database/feed-event.repository.js';
import type {
  DeliveryOutcome,
  DisabledEndpoint,
  HeldDelivery,
  WebhookDeliveryRepository,
} from '#database/webhook-delivery.repository.js';
import { type GuardedPost, GuardedPostError, type PostAnswer } from '#outbound/guarded-post.js';
import { formatEventId } from './event.js';
import { newEvent } from './new-event.js';
import { nextWaitSeconds, pauseSeconds, WEBHOOK_SCHEDULE_SECONDS } from './webhook-schedule.js';
import { signWebhook } from './webhook-signature.js';

/** Time that a receiver has for its answer, from looking up its name on. */
const TIMEOUT_MS = 20_000;

/** How long one attempt may take before another process may repeat it, in seconds. */
const HOLD_SECONDS = 60;

/** The answer of a receiver that wants nothing more. */
const GONE = 410;

/** What deliveries need. */
export interface DeliveryDeps {
  deliveries: Pick<WebhookDeliveryRepository, 'hold' | 'store'>;
  post: GuardedPost;
  now: () => Date;
  /** From 0 to just below 1. */
  random: () => number;
  schedule?: readonly number[];
  timeoutMs?: number;
}

/** What an attempt came to. */
export interface Attempted {
  endpointId: string;
  event: string;
  delivered: boolean;
  /** The status of the answer, or why there was none. */
  detail: string;
}

/** Sends an endpoint what is due longest. Null when nothing is. A crash in between leaves a held delivery: the attempt is repeated, and the receiver
 * knows the event by its id. */
export async function deliverNext(deps: DeliveryDeps, endpointId: string): Promise<Attempted | null> {
  const held = await deps.deliveries.hold(endpointId, HOLD_SECONDS);
  if (held === null) return null;
  const id = formatEventId(held.event);
  const outcome = await attempt(deps, held, id);
  const { delivered, status, problem } = outcome;
  await deps.deliveries.store(held, outcome, disabledEvent);
  return { endpointId, event: id, delivered, detail: problem ?? `status ${status}` };
}

async function attempt(deps: DeliveryDeps, held: HeldDelivery, id: string): Promise<DeliveryOutcome> {
  const { now, schedule = WEBHOOK_SCHEDULE_SECONDS, timeoutMs = TIMEOUT_MS } = deps;
  const { event, secrets, url } = held;
  const at = now();
  const body = webhookBody(event.type, event.happenedAt, event.data);
  const headers = {
    ...signWebhook(secrets, id, at, body),
    'content-type': 'application/json',
    'user-agent': 'Sealroot',
  };
  const answer = await deps.post(new URL(url), headers, body, timeoutMs).catch((error: unknown) => {
    if (error instanceof GuardedPostError) return error;
    throw error;
  });
  const { status, retryAfter, problem } = readAnswer(answer);
  const delivered = status !== null && status >= 200 && status < 300;
  return {
    delivered,
    status,
    problem,
    tookMs: now().getTime() - at.getTime(),
    waitSeconds: nextWaitSeconds(held.step, deps.random(), schedule),
    pauseSeconds: pauseSeconds(status, retryAfter, at),
    gone: status === GONE,
  };
}

function readAnswer(answer: PostAnswer | GuardedPostError): {
  status: number | null;
  retryAfter: string | undefined;
  problem: string | null;
} {
  if (answer instanceof GuardedPostError) return { status: null, retryAfter: undefined, problem: answer.message };
  return { ...answer, problem: null };
}

/** The body of a webhook: what the feed has of the event, but for its id, which is a header. */
function webhookBody(type: string, happenedAt: Date, data: string): string {
  return `{"type":${JSON.stringify(type)},"timestamp":"${happenedAt.toISOString()}","data":${data}}`;
}

function disabledEvent({ endpointId, agencyId, url, why, failingSince, at }: DisabledEndpoint): NewFeedEvent {
  return newEvent(agencyId, 'endpoint.disabled', at, {
    endpoint: endpointId,
    url,
    why: why as 'gone' | 'failed',
    failingSince: failingSince.toISOString(),
  });
}
