import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { registrarOf, REGISTRATION_PROFILE } from '#signature/registration.js';
import type { JsonObject } from '#statement/jcs.js';
import { formatTime } from '#statement/time.js';
import { IntakeError } from './error.js';
import { IntakeService } from './intake.js';
import type { IntakeAgency } from './intake-agency.js';
import { StatusIntakeService } from './status-intake.js';

/** Something that the service vouches for: whose a key is, that a domain was looked up, … */
export interface Fact {
  /** Names the fact for good, 1 to 64 characters: the same reference is the same record, however often and by however many processes it is asked for. */
  reference: string;
  /** SHA-256 of the document that it is about, hex; another one under the same reference is refused. */
  sha256: string;
  /** As the profile `identity@1` takes them. */
  claims: JsonObject;
  /** Any RFC 3339 time. */
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  /** Id of the record of the fact that this one takes the place of, which must be in the log. */
  supersedes?: string | undefined;
}

/** What a fact may be called by who reads it: a record of this agency in this profile. */
const AGENCY_NAME = 'Registrar of this service';

/** Why the registrar did not do it: `no-name`: the log's origin begins with no host name, so nobody could tell whose word it is; `refused`: the rules of records or of
 * their status forbid it, as the message says. */
export class RegistrarError extends Error {
  override readonly name = 'RegistrarError';
  constructor(
    readonly code: 'no-name' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Says in the log who is who, in the service's own name: a fact is a record of profile `identity@1` of the agency `registrar.<host of the log's origin>`, and that it has ended is a
 * change of that record's status. So "was it so then?" is answered by the record's proof with its status, like any other question. No key of the API is for that
 * agency.
 *
 * To do it once, whatever crashes: store what is wanted first, then {@link register}, then note the id; whoever finds a row without an id does the last two again
 * ({@link register} finds its record by the reference). The same with {@link end}.
 */
@Injectable()
export class Registrar {
  #agency: IntakeAgency | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    private readonly agencies: AgencyRepository,
    private readonly intake: IntakeService,
    private readonly statuses: StatusIntakeService,
  ) {}

  /** Accepts the record of a fact, or finds the one with its reference. It is in the log about a second later.
   * @throws RegistrarError, IntakeError */
  async register({ sha256, ...fact }: Fact): Promise<{ id: string }> {
    const item = { ...fact, profile: REGISTRATION_PROFILE, digests: { sha256 } };
    const { results } = await this.intake.accept(await this.#self(), [JSON.parse(JSON.stringify(item))]);
    const [result] = results;
    if (result?.outcome === 'accepted') return { id: result.id };
    const { code = 'none', detail = 'no answer' } = result?.problem ?? {};
    if (code === 'not-sealed') throw new IntakeError('not-stored', detail, 1);
    throw new RegistrarError('refused', `Registering ${fact.reference}: ${detail}`);
  }

  /** Says that a fact holds no more, for a reason (a code such as `rotated`), since `effectiveAt` (UTC, three decimals, `Z`; now unless it is given). Saying it again is no harm.
   * `not-sealed` when its record is not in the log yet: worth a retry in a second.
   * @throws RegistrarError */
  async end(id: string, reason: string, effectiveAt?: string): Promise<'ended' | 'not-sealed'> {
    // Another process's clock may be ahead: a change takes effect before it is received.
    const now = formatTime(Date.now());
    const since = effectiveAt === undefined ? {} : { effectiveAt: effectiveAt < now ? effectiveAt : now };
    const { results } = await this.statuses.change(await this.#self(), [id], { to: 'revoked', reason, ...since });
    const [result] = results;
    if (result?.outcome === 'accepted' || result?.refusal.standing?.status === 'revoked') return 'ended';
    if (result?.refusal.code === 'not-sealed') return 'not-sealed';
    throw new RegistrarError('refused', `Ending ${id}: ${result?.refusal.detail ?? 'no answer'}`);
  }

  /** The registrar as an agency, made when it is not there: with the first fact and not before, since a database without agencies counts as new. */
  async #self(): Promise<IntakeAgency> {
    if (this.#agency !== undefined) return this.#agency;
    const domain = registrarOf(this.config.logOrigin);
    if (domain === null) {
      const message = `Expected LOG_ORIGIN to begin with a host name, got ${this.config.logOrigin}`;
      throw new RegistrarError('no-name', message);
    }
    // Null when it is there, or another process is faster.
    await this.agencies.create(domain, AGENCY_NAME);
    const agency = await this.agencies.find(domain);
    if (agency === null) throw new Error(`Making the agency ${domain}: expected it to be there, got none`);
    if ((await this.agencies.listKeys(agency.id)).some(({ revokedAt }) => revokedAt === null)) {
      const message = `Expected no API key in force for ${domain}: whoever has it could say who is who`;
      throw new RegistrarError('refused', message);
    }
    return (this.#agency = { id: agency.id, domain });
  }
}
