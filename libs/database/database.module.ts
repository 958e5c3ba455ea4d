import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { AgencyRepository } from './agency.repository.js';
import { migrate } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { createPool, PG_POOL } from './pool.js';
import { PrismaService } from './prisma.service.js';

/** The database, migrated and with partitions for the coming hours before anything else is built on it. */
@Global()
@Module({
  providers: [
    {
      provide: PG_POOL,
      inject: [CONFIG],
      useFactory: async (config: Config): Promise<pg.Pool> => {
        const logger = new Logger('database');
        if (!config.databaseUrl)
          throw new Error('The service has no database: set DATABASE_URL, or run the standalone application');
        const pool = createPool(config.databaseUrl, config.databasePoolSize, (error) =>
          logger.warn(`idle connection lost: ${error.message}`),
        );
        const applied = await migrate(pool);
        if (applied.length > 0) logger.log(`applied migrations ${applied.join(', ')}`);
        await ensurePartitions(pool, Date.now());
        return pool;
      },
    },
    PrismaService,
    AgencyRepository,
  ],
  exports: [PG_POOL, PrismaService, AgencyRepository],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
