import { randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { WebhookEndpoint as Row, WebhookSecret as SecretRow } from './generated/client.js';
import { PrismaService } from './prisma.service.js';

/** Where an agency has events sent. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  /** Types of events that are sent; all when there are none. */
  types: string[];
  description: string;
  createdAt: Date;
  disabled: { at: Date; why: DisabledWhy } | null;
  /** The first attempt since the last that succeeded; null while they succeed. */
  failingSince: Date | null;
  /** Nothing is sent before. */
  pausedUntil: Date | null;
  /** Those that sign now, newest first. */
  secrets: StoredSecret[];
}

/** What an endpoint's webhooks are signed with. */
export interface StoredSecret {
  scheme: 'v1a' | 'v1';
  secret: Uint8Array;
  expiresAt: Date | null;
}

/** Why nothing is sent to an endpoint: the agency wants it so; the receiver said that it is gone; nothing has reached it for too long. */
export type DisabledWhy = 'agency' | 'gone' | 'failed';

/** What an agency may say of an endpoint. */
export type EndpointTerms = Pick<WebhookEndpoint, 'url' | 'types' | 'description'>;

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 20;

/** Webhook endpoints of agencies, and their secrets. */
@Injectable()
export class WebhookEndpointRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** A new endpoint; null when the agency has `most` already. */
  async create(
    agencyId: number,
    terms: EndpointTerms,
    secret: Pick<StoredSecret, 'scheme' | 'secret'>,
    most: number,
  ): Promise<WebhookEndpoint | null> {
    // Two at once may both find room; the limit is there to bound work, and one more does no harm.
    if ((await this.prisma.webhookEndpoint.count({ where: { agencyId } })) >= most) return null;
    let id = 'we_';
    for (let i = 0; i < ID_LENGTH; i++) id += ID_ALPHABET[randomInt(ID_ALPHABET.length)];
    const { scheme, secret: bytes } = secret;
    const data = { id, agencyId, ...terms, secrets: { create: { scheme, secret: new Uint8Array(bytes) } } };
    await this.prisma.durably(this.prisma.webhookEndpoint.create({ data }));
    return this.find(agencyId, id);
  }

  /** All endpoints of the agency, oldest first. */
  async list(agencyId: number): Promise<WebhookEndpoint[]> {
    const rows = await this.prisma.webhookEndpoint.findMany({
      where: { agencyId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: LIVE_SECRETS(),
    });
    return rows.map(toEndpoint);
  }

  async find(agencyId: number, id: string): Promise<WebhookEndpoint | null> {
    const row = await this.prisma.webhookEndpoint.findFirst({ where: { id, agencyId }, include: LIVE_SECRETS() });
    return row && toEndpoint(row);
  }

  /** Changes what is given. Enabling an endpoint begins anew: what waits for it is sent. Null when the agency has no such endpoint. */
  async change(
    agencyId: number,
    id: string,
    { enabled, ...terms }: Partial<EndpointTerms> & { enabled?: boolean | undefined },
  ): Promise<WebhookEndpoint | null> {
    const standing =
      enabled === undefined
        ? {}
        : enabled
          ? { disabledAt: null, disabledWhy: null, failingSince: null, pausedUntil: null }
          : { disabledAt: new Date(), disabledWhy: 'agency' };
    const { count } = await this.prisma.durably(
      this.prisma.webhookEndpoint.updateMany({ where: { id, agencyId }, data: { ...terms, ...standing } }),
    );
    return count === 0 ? null : this.find(agencyId, id);
  }

  /** Whether there was such an endpoint; it is gone with its secrets and its log. */
  async delete(agencyId: number, id: string): Promise<boolean> {
    const { count } = await this.prisma.durably(this.prisma.webhookEndpoint.deleteMany({ where: { id, agencyId } }));
    return count > 0;
  }

  /** Gives the endpoint a new secret; the ones before sign beside it until `until`, and not at all once that is past. */
  async rotate(id: string, { scheme, secret }: Pick<StoredSecret, 'scheme' | 'secret'>, until: Date): Promise<void> {
    const live = { endpointId: id, OR: [{ expiresAt: null }, { expiresAt: { gt: until } }] };
    const secrets = this.prisma.webhookSecret;
    await this.prisma.durably(secrets.create({ data: { endpointId: id, scheme, secret: new Uint8Array(secret) } }), [
      secrets.deleteMany({ where: { endpointId: id, expiresAt: { lte: new Date() } } }),
      secrets.updateMany({ where: live, data: { expiresAt: until } }),
    ]);
  }
}

/** 32 random bytes: an HMAC key, or the seed of an Ed25519 key. */
export function newWebhookSecret(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

const LIVE_SECRETS = () => ({
  secrets: {
    where: { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
    orderBy: { id: 'desc' as const },
  },
});

function toEndpoint({ disabledAt, disabledWhy, secrets, ...row }: Row & { secrets: SecretRow[] }): WebhookEndpoint {
  const { id, url, types, description, createdAt, failingSince, pausedUntil } = row;
  return {
    id,
    url,
    types,
    description,
    createdAt,
    disabled: disabledAt === null ? null : { at: disabledAt, why: disabledWhy as DisabledWhy },
    failingSince,
    pausedUntil,
    secrets: secrets.map(({ scheme, secret, expiresAt }) => ({
      scheme: scheme as StoredSecret['scheme'],
      secret: new Uint8Array(secret),
      expiresAt,
    })),
  };
}
