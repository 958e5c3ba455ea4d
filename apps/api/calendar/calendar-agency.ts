import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { ConfigError } from '#setting/config-error.js';
import { AgencyRepository } from '#database/agency.repository.js';
import type { IntakeAgency } from '#intake/intake-agency.js';
import { calendarDomain } from './calendar-address.js';

const AGENCY_NAME = 'OpenTimestamps calendar of this service';

/** The service's own agency, in whose name digests posted to the calendar are recorded. It has no API key: only the calendar lodges for it. */
@Injectable()
export class CalendarAgency {
  #agency: IntakeAgency | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    private readonly agencies: AgencyRepository,
  ) {}

  /** The agency, or null as long as no digest was posted.
   * @throws ConfigError when somebody else lodges under that name */
  async find(): Promise<IntakeAgency | null> {
    if (this.#agency) return this.#agency;
    const domain = calendarDomain(this.config.logOrigin);
    const agency = await this.agencies.find(domain);
    if (!agency) return null;
    if ((await this.agencies.listKeys(agency.id)).some(({ revokedAt }) => revokedAt === null)) {
      const detail = `expected no agency ${domain} with an API key in force: anybody's digests would be recorded in its name`;
      throw new ConfigError([{ key: 'OTS_CALENDAR', detail }]);
    }
    this.#agency = { id: agency.id, domain };
    return this.#agency;
  }

  /** The agency, made when there is none yet: with the first digest and not before, since a database without agencies counts as new.
   * @throws as {@link find} */
  async ensure(): Promise<IntakeAgency> {
    const known = await this.find();
    if (known) return known;
    // Null when another process of the service is faster.
    await this.agencies.create(calendarDomain(this.config.logOrigin), AGENCY_NAME);
    const made = await this.find();
    if (!made) throw new Error("Making the calendar's agency: expected it to be there, got none");
    return made;
  }
}
