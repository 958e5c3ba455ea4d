import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause } from '#config/sparse-log.js';
import { ConfigError } from '#setting/config-error.js';
import { AgencyRepository } from './agency.repository.js';
import { migrate } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { createPool, PG_POOL, READ_LIMITS, READ_POOL, READ_SESSION } from './pool.js';
import { PrismaService } from './prisma.service.js';
import { checkServer, UnfitServerError, UnreachableServerError } from './server-check.js';

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
          throw new ConfigError([
            { key: 'DATABASE_URL', detail: 'expected a database, got none; npm start has one of its own' },
          ]);
        const pool = createPool(config.databaseUrl, config.databasePoolSize, (error) =>
          logger.warn(`idle connection lost: ${describeRootCause(error)}`),
        );
        const risks = await checkServer(pool, config.databaseAcceptedRisks).catch((error: Error) => {
          throw error instanceof UnfitServerError ? error : new UnreachableServerError(config.databaseUrl!, error);
        });
        for (const risk of risks) logger.warn(`the database: ${risk}`);
        const applied = await migrate(pool);
        if (applied.length > 0) logger.log(`applied migrations ${applied.join(', ')}`);
        await ensurePartitions(pool, Date.now());
        return pool;
      },
    },
    {
      provide: READ_POOL,
      // After the other pool, which migrates.
      inject: [CONFIG, PG_POOL],
      useFactory: (config: Config): pg.Pool => {
        const logger = new Logger('database');
        return createPool(
          config.databaseUrl!,
          config.databaseReadPoolSize,
          (error) => logger.warn(`idle connection lost: ${describeRootCause(error)}`),
          { limits: READ_LIMITS, session: READ_SESSION },
        );
      },
    },
    PrismaService,
    AgencyRepository,
  ],
  exports: [PG_POOL, READ_POOL, PrismaService, AgencyRepository],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.readPool.end()]);
  }
}
