import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './generated/client.js';
import { PG_POOL } from './pool.js';

/** The Prisma client on the process's pool, for tables whose rows come one at a time. */
@Injectable()
export class PrismaService extends PrismaClient implements OnModuleDestroy {
  constructor(@Inject(PG_POOL) pool: pg.Pool) {
    super({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
