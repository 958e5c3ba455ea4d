import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import type { Agency } from '#database/agency.repository.js';
import { ImportRepository, type ImportState } from '#database/import.repository.js';
import { ImportIntake } from '#intake/import-intake.js';
import { receiptMembers, Receipts } from '#intake/receipts.js';
import { formatTime } from '#statement/time.js';
import { Admission } from '../auth/admission.js';
import { Quotas } from '../limits/quotas.js';
import { MetricsService } from '../operations/metrics.service.js';
import { Problem } from '../problems/problem.js';
import { ImportSlots } from './import-slots.js';
import { ImportWriter, type WriterTools } from './import-writer.js';

/** Pause between two looks for imports that are kept no more, and what a day is. */
const PURGE_EVERY_MS = 600_000;
const DAY_MS = 86_400_000;

/** An import that this request alone may write. */
export interface OpenedImport {
  writer: (
    tools: Pick<WriterTools, 'readJson' | 'onProgress' | 'toProblem'>,
    answers: ConstructorParameters<typeof ImportWriter>[5],
  ) => ImportWriter;
  /** To be called when the request is done with. */
  close: () => void;
}

/** Bulk imports, as the HTTP API speaks of them. */
@Injectable()
export class ImportsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('imports');
  readonly #slots = new ImportSlots();
  #stopping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'importsKeepDays'>,
    private readonly imports: ImportRepository,
    private readonly intake: ImportIntake,
    private readonly receipts: Receipts,
    private readonly admission: Admission,
    private readonly metrics: MetricsService,
    private readonly quotas: Quotas,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.purge(), PURGE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.#stopping = true;
  }

  /** Forgets the imports that were kept for long enough. Never rejects. */
  async purge(): Promise<void> {
    try {
      while (!this.#stopping && (await this.imports.purge(this.config.importsKeepDays)));
    } catch (error) {
      logSparsely(this.#logger, 'warn', `old imports were not purged: ${describeRootCause(error)}`);
    }
  }

  /** Opens an import; JSON text, and where it is. */
  async create(agency: Agency): Promise<{ json: string; location: string }> {
    const state = await this.imports.create(randomUUID(), agency.id);
    return { json: this.#toJson(state, ''), location: `/v1/imports/${state.id}` };
  }

  /** How far it has come, with at most `limit` groups from line `after` on; JSON text. @throws Problem `import-not-found` */
  async describe(agency: Agency, id: string, after: number, limit: number): Promise<string> {
    const state = await this.imports.find(id, agency.id);
    if (state === null) throw notFound(id);
    const groups = await this.imports.groups(id, after, limit);
    const texts = await Promise.all(
      groups.map(async ({ linesHash, entry, ...group }) => {
        // Asked for at once: all receipts of a page are under one signature.
        const receipt = entry === null ? undefined : await this.receipts.issueFor(entry);
        const head = JSON.stringify({ ...group, linesHash: toHex(linesHash) });
        return `${head.slice(0, -1)}${receiptMembers(receipt)}}`;
      }),
    );
    const last = groups.at(-1);
    const next = last === undefined || groups.length < limit ? state.committed : last.first + last.count;
    return this.#toJson(state, texts.join(','), next < state.committed ? next : undefined);
  }

  /** Makes this request the import's one writer. @throws Problem `import-not-found`, `import-busy`, `offset-beyond`, `rate-limited`, `busy` */
  async open(agency: Agency, id: string, offset: number): Promise<OpenedImport> {
    const close = this.#slots.take(agency.id);
    try {
      const writer = randomUUID();
      const state = await this.imports.acquire(id, agency.id, writer);
      if (state === null) throw notFound(id);
      if ('busyMs' in state) {
        const headers = { 'retry-after': String(Math.max(1, Math.ceil(state.busyMs / 1000))) };
        throw new Problem('import-busy', 'Another request writes this import, or was cut off a moment ago.', {
          headers,
        });
      }
      if (offset > state.committed) {
        await this.imports.release(id, writer);
        const detail = `Expected an offset of at most ${state.committed}, as many lines as were taken, got ${offset}.`;
        throw new Problem('offset-beyond', detail, { headers: { 'content-range': `lines */${state.committed}` } });
      }
      const shared = {
        imports: this.imports,
        intake: this.intake,
        pause: (workedMs: number) => this.admission.turn(agency.id, workedMs),
        awaitRoom: (records: number, onWait: () => boolean) => this.quotas.awaitRecords(agency.id, records, onWait),
        onTaken: (accepted: number, failed: number) => this.metrics.countIntake(accepted, failed),
        isStopping: () => this.#stopping,
      };
      return {
        writer: (tools, answers) => new ImportWriter({ ...shared, ...tools }, agency, id, writer, state, answers),
        close,
      };
    } catch (error) {
      close();
      throw error;
    }
  }

  #toJson({ id, createdAt, committed, failed, linesHash, lastAt }: ImportState, groups: string, next?: number): string {
    const head = JSON.stringify({
      id,
      createdAt: formatTime(createdAt.getTime()),
      keptUntil: formatTime(lastAt.getTime() + this.config.importsKeepDays * DAY_MS),
      committed,
      failed,
      ...(linesHash.length === 0 ? {} : { linesHash: toHex(linesHash) }),
    });
    return `${head.slice(0, -1)},"groups":[${groups}]${next === undefined ? '' : `,"next":${next}`}}`;
  }
}

function notFound(id: string): Problem {
  return new Problem('import-not-found', `There is no import ${id} of this agency.`);
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
