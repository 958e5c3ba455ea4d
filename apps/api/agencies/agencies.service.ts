import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { type Agency, AgencyRepository, type ApiKeySummary, type KeyTerms } from '#database/agency.repository.js';
import type { Actor } from '#database/audit-log.repository.js';
import { Momentary } from '#health/momentary.js';
import { parsePublicKey } from '#signature/agency-key.js';
import { registrarOf } from '#signature/registration.js';
import { DomainsService } from '../domains/domains.service.js';
import { Problem } from '../problems/problem.js';

/** What is said of a key, as it comes. */
type GivenTerms = Omit<KeyTerms, 'expiresAt'> & { expiresAt: string | null };
type NewKey = GivenTerms & { publicKey?: string | undefined };

/** How long a list is the newest. */
const FRESH_MS = 1000;

interface AgencyList {
  agencies: { domain: string }[];
}

/** What the operator does with agencies and their API keys. */
@Injectable()
export class AgenciesService {
  readonly #registrar: string | null;
  readonly #listed = new Momentary(FRESH_MS, () => this.#list());

  constructor(
    private readonly agencies: AgencyRepository,
    private readonly profiles: AgencyProfileRepository,
    private readonly domains: DomainsService,
    @Inject(CONFIG) { logOrigin }: Pick<Config, 'logOrigin'>,
  ) {
    this.#registrar = registrarOf(logOrigin);
  }

  /** @throws Problem `agency-exists`, `name-reserved` */
  async create(by: Actor, domain: string, name: string): Promise<object> {
    this.#assertNotOurs(domain);
    const agency = await this.agencies.create(domain, name, by);
    if (!agency) throw new Problem('agency-exists', `There is an agency ${domain} already.`);
    return toJson(agency);
  }

  /** Which agencies there are and what they notarise, since when: for everybody, and as of a moment ago. */
  list(): Promise<AgencyList> {
    return this.#listed.get();
  }

  async #list(): Promise<AgencyList> {
    const [agencies, standings] = await Promise.all([this.profiles.list(), this.domains.standings()]);
    return {
      agencies: agencies.map(({ profiles, ...agency }) => ({
        ...toJson(agency),
        ...(standings.has(agency.domain) ? { domainCheck: standings.get(agency.domain) } : {}),
        profiles: profiles.map(({ profile, since }) => ({ profile, since: since.toISOString() })),
      })),
    };
  }

  /** The new key: the only answer that ever holds it.
   * @throws Problem `agency-not-found`, `name-reserved` */
  async createKey(by: Actor, domain: string, { expiresAt, publicKey, ...given }: NewKey): Promise<object> {
    const terms = { ...given, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    this.#assertNotOurs(domain);
    const { id } = await this.find(domain);
    if (publicKey === undefined) return this.agencies.createKey(id, terms.label, terms, by);
    return { prefix: await this.agencies.addSigner(id, parsePublicKey(publicKey), terms, by) };
  }

  /** @throws Problem `agency-not-found` */
  async listKeys(domain: string): Promise<object> {
    return { keys: (await this.agencies.listKeys((await this.find(domain)).id)).map(keyToJson) };
  }

  /** @throws Problem `agency-not-found`, `key-not-found` */
  async changeKey(
    by: Actor,
    domain: string,
    prefix: string,
    { expiresAt, ...terms }: { [Term in keyof GivenTerms]?: GivenTerms[Term] | undefined },
  ): Promise<object> {
    const agency = await this.find(domain);
    const expiry = expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    if (!storable(prefix) || !(await this.agencies.changeKey(agency.id, prefix, { ...terms, ...expiry }, by))) {
      throw new Problem('key-not-found', `Agency ${domain} has no key ${JSON.stringify(prefix)} in force.`);
    }
    return keyToJson((await this.agencies.listKeys(agency.id)).find((key) => key.prefix === prefix)!);
  }

  /** @throws Problem `agency-not-found`, `key-not-found` */
  async revokeKey(by: Actor, domain: string, prefix: string): Promise<void> {
    const agency = await this.find(domain);
    if (!storable(prefix) || !(await this.agencies.revokeKey(agency.id, prefix, by))) {
      throw new Problem('key-not-found', `Agency ${domain} has no key ${JSON.stringify(prefix)}.`);
    }
  }

  /** @throws Problem `agency-not-found` */
  async find(domain: string): Promise<Agency> {
    const agency = storable(domain) ? await this.agencies.find(domain) : null;
    if (!agency) throw new Problem('agency-not-found', `There is no agency ${JSON.stringify(domain)}.`);
    return agency;
  }

  /** Whoever held a key of the registrar could say in the log who is who. */
  #assertNotOurs(domain: string): void {
    if (domain === this.#registrar)
      throw new Problem(
        'name-reserved',
        `In the name of ${domain} the service itself says who is who: it has no API keys.`,
      );
  }
}

/** PostgreSQL stores no NUL and refuses to look for one. */
function storable(name: string): boolean {
  return !name.includes('\0');
}

function toJson({ domain, name, createdAt }: Omit<Agency, 'id'>): { domain: string } & object {
  return { domain, name, createdAt: createdAt.toISOString() } as { domain: string };
}

function keyToJson({ prefix, publicKey, label, scopes, networks, ...times }: ApiKeySummary): object {
  return {
    prefix,
    publicKey: publicKey === null ? null : Buffer.from(publicKey).toString('base64url'),
    label,
    scopes,
    networks,
    createdAt: times.createdAt.toISOString(),
    expiresAt: times.expiresAt?.toISOString() ?? null,
    revokedAt: times.revokedAt?.toISOString() ?? null,
    lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
  };
}
