import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import type { Actor } from '#database/audit-log.repository.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import {
  type EndpointTerms,
  newWebhookSecret,
  type WebhookEndpoint,
  WebhookEndpointRepository,
} from '#database/webhook-endpoint.repository.js';
import { WebhookLogRepository } from '#database/webhook-log.repository.js';
import { formatEventId, parseEventId } from '#events/event.js';
import { newEvent } from '#events/new-event.js';
import { formatReceiverKey, type WebhookScheme } from '#events/webhook-signature.js';
import { Problem } from '../problems/problem.js';

/** Endpoints that one agency may have. */
export const MAX_ENDPOINTS = 20;

/** What an agency does with its webhook endpoints. */
@Injectable()
export class WebhooksService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'webhookNetworks'>,
    private readonly endpoints: WebhookEndpointRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly log: WebhookLogRepository,
  ) {}

  /** @throws Problem `invalid-body`, `too-many-endpoints` */
  async create(
    agencyId: number,
    { scheme, ...terms }: EndpointTerms & { scheme: WebhookScheme },
    by: Actor,
  ): Promise<object> {
    this.#checkUrl(terms.url);
    const secret = { scheme, secret: newWebhookSecret() };
    const endpoint = await this.endpoints.create(agencyId, terms, secret, MAX_ENDPOINTS, by);
    if (endpoint === null) throw new Problem('too-many-endpoints', `Expected at most ${MAX_ENDPOINTS} endpoints.`);
    return withSecret(endpoint);
  }

  async list(agencyId: number): Promise<object> {
    return { endpoints: (await this.endpoints.list(agencyId)).map(toJson) };
  }

  /** @throws Problem `endpoint-not-found` */
  async get(agencyId: number, id: string): Promise<object> {
    return toJson(await this.#find(agencyId, id));
  }

  /** @throws Problem `invalid-body`, `endpoint-not-found` */
  async change(
    agencyId: number,
    id: string,
    change: Partial<EndpointTerms> & { enabled?: boolean },
    by: Actor,
  ): Promise<object> {
    if (change.url !== undefined) this.#checkUrl(change.url);
    return toJson((await this.endpoints.change(agencyId, id, change, by)) ?? missing(id));
  }

  /** @throws Problem `endpoint-not-found` */
  async delete(agencyId: number, id: string, by: Actor): Promise<void> {
    if (!(await this.endpoints.delete(agencyId, id, by))) missing(id);
  }

  /** @throws Problem `endpoint-not-found` */
  async rotate(
    agencyId: number,
    id: string,
    scheme: WebhookScheme,
    overlapSeconds: number,
    by: Actor,
  ): Promise<object> {
    await this.#find(agencyId, id);
    const until = new Date(Date.now() + overlapSeconds * 1000);
    await this.endpoints.rotate(agencyId, id, { scheme, secret: newWebhookSecret() }, until, by);
    return withSecret(await this.#find(agencyId, id));
  }

  /** @throws Problem `endpoint-not-found`, `endpoint-disabled` */
  async test(agencyId: number, id: string): Promise<object> {
    await this.#findEnabled(agencyId, id);
    const event = newEvent(agencyId, 'endpoint.test', new Date(), { endpoint: id });
    return { event: formatEventId(await this.deliveries.send(id, event)) };
  }

  /** @throws Problem `endpoint-not-found` */
  async listDeliveries(
    agencyId: number,
    id: string,
    before: string | undefined,
    limit: number,
  ): Promise<{ body: object; link: string | undefined }> {
    await this.#find(agencyId, id);
    const place = before === undefined ? null : (parseEventId(before)?.number ?? '0');
    const found = await this.log.list(id, place, limit + 1);
    const deliveries = found.slice(0, limit).map((delivery) => {
      const { type, state, nextAttemptAt, attempts } = delivery;
      return { event: formatEventId(delivery), type, state, nextAttemptAt: time(nextAttemptAt), attempts };
    });
    const next = `/v1/webhooks/${id}/deliveries?before=${deliveries.at(-1)?.event}&limit=${limit}`;
    return { body: { deliveries }, link: found.length > limit ? `<${next}>; rel="next"` : undefined };
  }

  /** @throws Problem `endpoint-not-found`, `endpoint-disabled` */
  async replay(agencyId: number, id: string, what: { events: string[] } | { since: string }): Promise<object> {
    await this.#findEnabled(agencyId, id);
    if ('since' in what) return { replayed: await this.log.replayMissed(id, new Date(what.since)) };
    const places = what.events.flatMap((event) => parseEventId(event) ?? []);
    return { replayed: await this.log.replay(id, agencyId, places) };
  }

  async #find(agencyId: number, id: string): Promise<WebhookEndpoint> {
    return (await this.endpoints.find(agencyId, id)) ?? missing(id);
  }

  async #findEnabled(agencyId: number, id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.#find(agencyId, id);
    if (endpoint.disabled === null) return endpoint;
    throw new Problem('endpoint-disabled', `Nothing is sent to ${id}: enable it first.`);
  }

  /** Where a name leads is looked at when something is sent. */
  #checkUrl(url: string): void {
    if (url.startsWith('https:') || this.config.webhookNetworks.length > 0) return;
    const detail = 'expected an https URL';
    throw new Problem('invalid-body', `/url: ${detail}`, { errors: [{ pointer: '/url', detail }] });
  }
}

function missing(id: string): never {
  throw new Problem('endpoint-not-found', `The agency has no endpoint ${id}.`);
}

function toJson({ secrets, disabled, createdAt, failingSince, pausedUntil, ...rest }: WebhookEndpoint): object {
  const isPaused = pausedUntil !== null && pausedUntil.getTime() > Date.now();
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    enabled: disabled === null,
    disabled: disabled && { at: disabled.at.toISOString(), why: disabled.why },
    failingSince: time(failingSince),
    pausedUntil: isPaused ? time(pausedUntil) : null,
    keys: secrets.map((secret) => ({
      scheme: secret.scheme,
      ...(secret.scheme === 'v1a' ? { publicKey: formatReceiverKey(secret) } : {}),
      until: time(secret.expiresAt),
    })),
  };
}

/** With the newest secret, where it is common to both sides: the only answer that shows it. */
function withSecret(endpoint: WebhookEndpoint): object {
  const newest = endpoint.secrets[0]!;
  return { ...toJson(endpoint), ...(newest.scheme === 'v1' ? { secret: formatReceiverKey(newest) } : {}) };
}

function time(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
