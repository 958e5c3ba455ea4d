import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { auditLogHeadDigest } from '#audit/act.js';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { AuditHeadRepository } from '#database/audit-head.repository.js';
import { Registrar } from '#intake/registrar.js';

/** Pause between two looks whether a head is to be notarised, in milliseconds. */
const LOOK_EVERY_MS = 600_000;

/** Has the head of the audit log notarised once a day: by a record of the service's own name in the public log, which anchors bind to a time. */
@Injectable()
export class AuditLogNotary implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('audit-log');
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    private readonly heads: AuditHeadRepository,
    private readonly registrar: Registrar,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Notarises a head when that is due. @returns id of the record; null when it is not */
  async notarise(): Promise<string | null> {
    const due = await this.heads.choose(this.config.logOrigin);
    if (due === null) return null;
    const { id } = await this.registrar.register({
      reference: `audit-log/${due.size}`,
      sha256: Buffer.from(auditLogHeadDigest(due.head)).toString('hex'),
      claims: { type: 'audit-log-head', version: due.size },
    });
    await this.heads.note(due.size, id);
    return id;
  }

  async #look(): Promise<void> {
    try {
      await this.notarise();
    } catch (error) {
      logSparsely(this.#logger, 'warn', `the audit log was not notarised: ${describeRootCause(error)}`);
    }
  }
}
