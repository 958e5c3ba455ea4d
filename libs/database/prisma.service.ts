import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import { type Prisma, PrismaClient } from './generated/client.js';
import { PG_POOL } from './pool.js';

/** The Prisma client on the process's pool, for tables whose rows come one at a time. */
@Injectable()
export class PrismaService extends PrismaClient implements OnModuleDestroy {
  constructor(@Inject(PG_POOL) pool: pg.Pool) {
    super({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  }

  /** The result of one write, which is on the disk by then, whatever the server's default; in one transaction with others `before` it. */
  async durably<T>(write: Prisma.PrismaPromise<T>, before: Prisma.PrismaPromise<unknown>[] = []): Promise<T> {
    const results = await this.$transaction([this.$queryRawUnsafe(`SELECT ${DURABLY}`), ...before, write]);
    return results.at(-1) as T;
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
