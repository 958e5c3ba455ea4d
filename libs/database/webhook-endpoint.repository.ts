import { hash, randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Actor, commitAct, type NewAct, SERVICE } from './audit-log.repository.js';
import type { Prisma, WebhookEndpoint as Row, WebhookSecret as SecretRow } from './generated/client.js';
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
    by: Actor = SERVICE,
  ): Promise<WebhookEndpoint | null> {
    // Two at once may both find room; the limit is there to bound work, and one more does no harm.
    if ((await this.prisma.webhookEndpoint.count({ where: { agencyId } })) >= most) return null;
    let id = 'we_';
    for (let i = 0; i < ID_LENGTH; i++) id += ID_ALPHABET[randomInt(ID_ALPHABET.length)];
    const { scheme, secret: bytes } = secret;
    const data = { id, agencyId, ...terms, secrets: { create: { scheme, secret: new Uint8Array(bytes) } } };
    await commitAct(this.prisma, by, async (db) => {
      const after = endpointState(await db.webhookEndpoint.create({ data }));
      return { result: id, act: act('created', agencyId, id, null, { ...after, scheme }) };
    });
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
    by: Actor = SERVICE,
  ): Promise<WebhookEndpoint | null> {
    const standing =
      enabled === undefined
        ? {}
        : enabled
          ? { disabledAt: null, disabledWhy: null, failingSince: null, pausedUntil: null }
          : { disabledAt: new Date(), disabledWhy: 'agency' };
    const changed = await commitAct(this.prisma, by, async (db) => {
      const before = await lockEndpoint(db, agencyId, id);
      if (before === null) return { result: false, act: null };
      const after = endpointState(await db.webhookEndpoint.update({ where: { id }, data: { ...terms, ...standing } }));
      return { result: true, act: act('changed', agencyId, id, before, after) };
    });
    return changed ? this.find(agencyId, id) : null;
  }

  /** Whether there was such an endpoint; it is gone with its secrets and its log. */
  async delete(agencyId: number, id: string, by: Actor = SERVICE): Promise<boolean> {
    return commitAct(this.prisma, by, async (db) => {
      const before = await lockEndpoint(db, agencyId, id);
      if (before === null) return { result: false, act: null };
      await db.webhookEndpoint.delete({ where: { id } });
      return { result: true, act: act('deleted', agencyId, id, before, null) };
    });
  }

  /** Gives the endpoint a new secret; the ones before sign beside it until `until`, and not at all once that is past. */
  async rotate(
    agencyId: number,
    id: string,
    { scheme, secret }: Pick<StoredSecret, 'scheme' | 'secret'>,
    until: Date,
    by: Actor = SERVICE,
  ): Promise<void> {
    const live = { endpointId: id, OR: [{ expiresAt: null }, { expiresAt: { gt: until } }] };
    await commitAct(this.prisma, by, async (db) => {
      if ((await lockEndpoint(db, agencyId, id)) === null) return { result: undefined, act: null };
      await db.webhookSecret.deleteMany({ where: { endpointId: id, expiresAt: { lte: new Date() } } });
      await db.webhookSecret.updateMany({ where: live, data: { expiresAt: until } });
      await db.webhookSecret.create({ data: { endpointId: id, scheme, secret: new Uint8Array(secret) } });
      const after = { scheme, earlierSecretsUntil: until.toISOString() };
      return { result: undefined, act: act('secret-renewed', agencyId, id, null, after) };
    });
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

function act(
  what: string,
  agencyId: number,
  endpoint: string,
  before: NewAct['before'],
  after: NewAct['after'],
): NewAct {
  return { act: `endpoint.${what}`, agencyId, subject: { endpoint }, before, after };
}

/** What the audit log says of an endpoint. Some addresses are secrets themselves: it names the origin, and the whole address by its hash. */
function endpointState({ url, types, description, disabledAt }: Row) {
  return {
    origin: new URL(url).origin,
    urlSha256: hash('sha256', url),
    types,
    description,
    enabled: disabledAt === null,
  };
}

/** How the endpoint is before it changes, which nobody else can until the transaction ends; null when the agency has none such. */
async function lockEndpoint(
  db: Prisma.TransactionClient,
  agencyId: number,
  id: string,
): Promise<ReturnType<typeof endpointState> | null> {
  await db.$queryRaw`SELECT 1 FROM "webhook_endpoint" WHERE "id" = ${id} FOR UPDATE`;
  const row = await db.webhookEndpoint.findFirst({ where: { id, agencyId } });
  return row && endpointState(row);
}

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
