import { hash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { type AgencyDomain, AgencyDomainRepository } from '#database/agency-domain.repository.js';
import type { Actor } from '#database/audit-log.repository.js';
import { Registrar } from '#intake/registrar.js';
import { lookUpTxt, txtOutcome } from '#outbound/txt-lookup.js';
import { referenceIn } from '#signature/registration.js';
import { EndedRecords } from '../log/ended-records.js';

/** Pause between two looks for domains that are due, in milliseconds. */
const LOOK_EVERY_MS = 60_000;

/** Past looks that are shown. */
const SHOWN = 100;

/** What everybody is told of an agency's domain. */
export interface DomainStanding {
  state: 'unverified' | 'verified';
  since: string;
  /** When the record was seen last. */
  seenAt: string | null;
  checkedAt: string | null;
  /** What the last look gave. */
  outcome: string | null;
  /** Id of the record that says so in the log. */
  record: string | null;
}

/** Looks whether agencies hold their domains, by a TXT record that several resolvers must show alike, and says in the log what it found. */
@Injectable()
export class DomainsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('domains');
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'dnsResolvers' | 'logOrigin'>,
    private readonly domains: AgencyDomainRepository,
    private readonly registrar: Registrar,
    private readonly ended: EndedRecords,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#carryOver();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** How the agency's domain stands, and which record it must have. From now on it is looked at. */
  async describe(agencyId: number, by: Actor): Promise<object> {
    return this.#toJson(await this.domains.ensure(agencyId, by));
  }

  /** The same after a look at this moment, unless there was one a few seconds ago. */
  async check(agencyId: number, by: Actor): Promise<object> {
    const before = await this.domains.ensure(agencyId, by);
    const due = await this.domains.take(agencyId);
    if (due === null) return this.#toJson(before);
    await this.#lookAt(due);
    return this.#toJson(await this.domains.ensure(agencyId, by));
  }

  /** How the domains of all agencies stand that have asked for it, by domain. */
  async standings(): Promise<Map<string, DomainStanding>> {
    return new Map(Array.from(await this.domains.list(), ([domain, row]) => [domain, standing(row)]));
  }

  /** Looks at every domain that is due, and says in the log what is not said yet. */
  async lookAtDue(): Promise<void> {
    await this.#settle();
    for (let due = await this.domains.take(); due !== null; due = await this.domains.take()) await this.#lookAt(due);
  }

  async #lookAt(row: AgencyDomain): Promise<void> {
    const answers = await lookUpTxt(`_sealroot.${row.domain}`, textOf(row), this.config.dnsResolvers);
    await this.domains.store(row.agencyId, {
      outcome: txtOutcome(answers),
      answers: JSON.stringify(answers),
    });
    await this.#settle();
  }

  /** Has the log say what the table says: the reference makes it one record, however often this is done. */
  async #settle(): Promise<void> {
    for (const row of await this.domains.unsettled()) {
      try {
        if (row.state === 'verified') {
          const { id } = await this.registrar.register({
            reference: referenceIn(this.config.logOrigin, `domain:${row.agencyId}:${row.version}`),
            sha256: hash('sha256', documentOf(row, this.config.logOrigin)),
            claims: { type: 'domain', agency: row.domain, domain: row.domain, version: row.version },
            validFrom: row.since.toISOString(),
          });
          await this.domains.note(row, id);
        } else if ((await this.registrar.end(row.recordId!, 'domain-record-gone', row.since.toISOString())) === 'ended')
          await this.domains.note(row, null);
      } catch (error) {
        logSparsely(
          this.#logger,
          'warn',
          `the log does not say yet how ${row.domain} stands: ${describeRootCause(error)}`,
        );
      }
    }
  }

  /** Where the log follows one that has ended, has it say too which domains are verified. */
  async #carryOver(): Promise<void> {
    const ended = await this.ended.among(() => this.domains.records());
    if (ended.length === 0) return;
    await this.domains.forgetRecords(ended);
    void this.#look();
  }

  async #toJson(row: AgencyDomain): Promise<object> {
    const past = await this.domains.history(row.agencyId, SHOWN);
    return {
      domain: row.domain,
      ...standing(row),
      record: row.recordId,
      txt: { name: `_sealroot.${row.domain}`, value: textOf(row) },
      document: documentOf(row, this.config.logOrigin),
      resolvers: row.answers === null ? [] : (JSON.parse(row.answers) as object[]),
      history: past.map(({ at, outcome, answers }) => ({
        at: at.toISOString(),
        outcome,
        resolvers: JSON.parse(answers) as object[],
      })),
    };
  }

  async #look(): Promise<void> {
    try {
      await this.lookAtDue();
    } catch (error) {
      logSparsely(this.#logger, 'warn', `domains were not looked at: ${describeRootCause(error)}`);
    }
  }
}

/** The text that the TXT record must have. */
function textOf({ token }: AgencyDomain): string {
  return `sealroot-domain=${token}`;
}

/** What the record in the log is about: that a service found this text at this domain. */
function documentOf(row: AgencyDomain, logOrigin: string): string {
  return `sealroot/domain@1\n${row.domain}\n${logOrigin}\n${textOf(row)}\n`;
}

function standing({ state, since, seenAt, checkedAt, outcome, recordId }: AgencyDomain): DomainStanding {
  return {
    state,
    since: since.toISOString(),
    seenAt: seenAt?.toISOString() ?? null,
    checkedAt: checkedAt?.toISOString() ?? null,
    outcome,
    record: state === 'verified' ? recordId : null,
  };
}
