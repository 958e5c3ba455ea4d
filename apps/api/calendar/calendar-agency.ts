import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, ConfigError } from '#config/config.js';
import { AgencyRepository } from '#database/agency.repository.js';
import type { IntakeAgency } from '#intake/intake.js';
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

  /** The agency; made when there is none yet.
   * @throws ConfigError when somebody else lodges under that name */
  async find(): Promise<IntakeAgency> {
    this.#agency ??= await this.#ensure(calendarDomain(this.config.logOrigin));
    return this.#agency;
  }

  async #ensure(domain: string): Promise<IntakeAgency> {
    const agency =
      (await this.agencies.find(domain)) ??
      (await this.agencies.create(domain, AGENCY_NAME)) ??
      // Another process of the service was faster.
      (await this.agencies.find(domain));
    if (!agency) throw new Error(`Making the calendar's agency: expected ${domain} to be there, got none`);
    if ((await this.agencies.listKeys(agency.id)).length > 0) {
      const detail = `expected no agency ${domain} with API keys: anybody's digests would be recorded in its name`;
      throw new ConfigError([{ key: 'OTS_CALENDAR', detail }]);
    }
    return { id: agency.id, domain };
  }
}
