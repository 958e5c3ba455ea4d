import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { RecordLookupRepository } from '#database/record-lookup.repository.js';
import { Registrar } from '#intake/registrar.js';
import { registrarOf } from '#signature/registration.js';

/** The pages that are one file each, to be kept and opened without this service. */
export const PAGE_FILES = ['offline.html', 'gate.html'] as const;

/** What the records of their digests say in claim `type`. */
const PAGE_TYPE = 'page';

/** Pause between two looks whether a page is to be notarised, in milliseconds. */
const LOOK_EVERY_MS = 600_000;

/** Digits of the digest in the reference of its record, which has no room for all. */
const REFERENCE_DIGITS = 40;

/** A page as it is served. */
export interface PublishedPage {
  name: (typeof PAGE_FILES)[number];
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** The digests of the pages that are to be kept, and the records by which the service says in its own log that it published them: so whoever has such a file, however
 * old, can look its digest up like that of any document. */
@Injectable()
export class PublishedPages implements OnModuleDestroy {
  readonly #logger = new Logger('pages');
  readonly #agencyDomain: string | null;
  #pages: PublishedPage[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'logOrigin'>,
    private readonly agencies: AgencyRepository,
    private readonly lookups: RecordLookupRepository,
    private readonly registrar: Registrar,
  ) {
    this.#agencyDomain = registrarOf(config.logOrigin);
  }

  /** Reads the pages of a folder, as they are served from now on. */
  serveFrom(folder: string): readonly PublishedPage[] {
    this.#pages = PAGE_FILES.filter((name) => existsSync(join(folder, name))).map((name) => {
      const content = readFileSync(join(folder, name));
      return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    });
    clearInterval(this.#timer);
    if (this.#pages.length > 0) this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    return this.#pages;
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** The pages, each with the id of the record of its digest; null while it has none. */
  async list(): Promise<(PublishedPage & { record: string | null })[]> {
    return Promise.all(this.#pages.map(async (page) => ({ ...page, record: await this.#recordOf(page) })));
  }

  /** Notarises each page that has no record yet, once there is an agency: a database without one counts as new. @throws RegistrarError, IntakeError */
  async notarise(): Promise<void> {
    if (this.#agencyDomain === null || (await this.agencies.list()).length === 0) return;
    for (const page of this.#pages) {
      if ((await this.#recordOf(page)) !== null) continue;
      await this.registrar.register({ reference: referenceOf(page), sha256: page.sha256, claims: { type: PAGE_TYPE } });
    }
  }

  #recordOf(page: PublishedPage): Promise<string | null> {
    return this.#agencyDomain === null
      ? Promise.resolve(null)
      : this.lookups.byReference(this.#agencyDomain, referenceOf(page));
  }

  async #look(): Promise<void> {
    try {
      await this.notarise();
    } catch (error) {
      logSparsely(this.#logger, 'warn', `the pages to be kept were not notarised: ${describeRootCause(error)}`);
    }
  }
}

/** What the record of a page is called: the same in every process, so that they all make one of it. */
function referenceOf({ name, sha256 }: PublishedPage): string {
  return `page/${name}/${sha256.slice(0, REFERENCE_DIGITS)}`;
}
