import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL, READ_POOL } from './pool.js';

/** An agency as everybody may know it. */
export interface PublicAgency {
  domain: string;
  name: string;
  createdAt: Date;
  /** The kinds of record that it has lodged, by name, each since the first one. */
  profiles: { profile: string; since: Date }[];
}

/** Which agency notarises what. */
@Injectable()
export class AgencyProfileRepository {
  /** What this process has stored, or found stored. */
  readonly #known = new Set<string>();

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
  ) {}

  /** Notes that an agency has lodged records of these profiles at `since`. Asks the database only for what this process sees for the first time. */
  async note(agencyId: number, profiles: Iterable<string>, since: Date): Promise<void> {
    const unknown = [...new Set(profiles)].filter((profile) => !this.#known.has(`${agencyId} ${profile}`));
    if (unknown.length === 0) return;
    await this.pool.query(
      'INSERT INTO "agency_profile" ("agency_id", "profile", "since") SELECT $1, p, $3 FROM unnest($2::text[]) AS p ORDER BY p ON CONFLICT DO NOTHING',
      [agencyId, unknown, since],
    );
    for (const profile of unknown) this.#known.add(`${agencyId} ${profile}`);
  }

  /** All agencies, by domain. */
  async list(): Promise<PublicAgency[]> {
    return this.#read({ name: 'agency-list', text: selectAgencies('"agency"') });
  }

  /** Whether there is an agency with this domain. */
  async has(domain: string): Promise<boolean> {
    const { rowCount } = await this.readPool.query({
      name: 'agency-is-there',
      text: 'SELECT FROM "agency" WHERE "domain" = $1',
      values: [domain],
    });
    return rowCount !== 0;
  }

  /** The first `limit` agencies after a domain, by domain; the empty domain comes before all. What it costs does not depend on how many there are. */
  async page(after: string, limit: number): Promise<PublicAgency[]> {
    const some = '(SELECT * FROM "agency" WHERE "domain" > $1 ORDER BY "domain" LIMIT $2)';
    return this.#read({ name: 'agency-page', text: selectAgencies(some), values: [after, limit] });
  }

  async #read(query: pg.QueryConfig): Promise<PublicAgency[]> {
    const { rows } = await this.readPool.query<{
      domain: string;
      name: string;
      createdAt: Date;
      profile: string | null;
      since: Date;
    }>(query);
    const agencies = new Map<string, PublicAgency>();
    for (const { profile, since, ...agency } of rows) {
      const listed = agencies.get(agency.domain) ?? { ...agency, profiles: [] };
      if (profile !== null) listed.profiles.push({ profile, since });
      agencies.set(agency.domain, listed);
    }
    return [...agencies.values()];
  }
}

const selectAgencies = (from: string): string =>
  `SELECT a."domain", a."name", a."created_at" AS "createdAt", p."profile", p."since"
  FROM ${from} a LEFT JOIN "agency_profile" p ON p."agency_id" = a."id" ORDER BY a."domain", p."profile"`;
