import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Logger, Module, type OnModuleInit } from '@nestjs/common';
import { type ConnectionOptions, type Queue, setDefaultBackendFactory } from 'bullmq';
import { CONFIG, type Config } from '#config/config.js';
import { ConfigError } from '#setting/config-error.js';
import { closeWithin } from './close.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { createQueueBackend } from './postgres-backend.js';
import { QueueClient } from './queue-client.js';
import { ANCHOR_QUEUE, CONFIRM_QUEUE, DELIVER_QUEUE, JOB_OPTIONS, QUEUES, SEAL_QUEUE } from './queues.js';

/** Schema of the queue's own tables when it lives in PostgreSQL. */
const QUEUE_SCHEMA = 'queue';

/** PostgreSQL connections of one queue or worker, beside a worker's one that listens. */
const CONNECTIONS = 2;

/** Pause between attempts to reach a lost Redis, in milliseconds. BullMQ's own grows to 20 seconds, much longer than a batch may wait. */
const RECONNECT_MS = 500;

/** Time that closing the queues may take, in milliseconds: enough unless their store is away. */
const CLOSE_LIMIT_MS = 1000;

/** Where BullMQ finds its store, and which kind of store it is. The kind is a setting of the whole process. */
function connect(config: Pick<Config, 'redisUrl' | 'databaseUrl'>): { connection: ConnectionOptions } {
  if (config.redisUrl) {
    setDefaultBackendFactory();
    // Commands wait for a lost Redis to come back instead of failing; blocking commands must have it so.
    return {
      connection: { url: config.redisUrl, maxRetriesPerRequest: null, retryStrategy: () => RECONNECT_MS },
    };
  }
  if (!config.databaseUrl)
    throw new ConfigError([{ key: 'REDIS_URL', detail: 'expected this or DATABASE_URL for the queue, got neither' }]);
  setDefaultBackendFactory(createQueueBackend);
  const connection = {
    connectionString: config.databaseUrl,
    schema: QUEUE_SCHEMA,
    migrate: true,
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'sealroot queue',
    Client: QueueClient,
  };
  // The module's types know Redis only; the backend chosen above gets the options as they are.
  return { connection: connection as unknown as ConnectionOptions };
}

/** The queues of the service: in Redis when the configuration names one, in PostgreSQL otherwise. Needs the global configuration. */
@Module({
  imports: [
    BullModule.forRootAsync({ inject: [CONFIG], useFactory: connect }),
    BullModule.registerQueue(...QUEUES.map((name) => ({ name, defaultJobOptions: JOB_OPTIONS }))),
  ],
  exports: [BullModule],
})
export class QueueModule implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger('queue');
  readonly #queues: Queue[];

  constructor(
    @Inject(getQueueToken(SEAL_QUEUE)) seal: Queue,
    @Inject(getQueueToken(ANCHOR_QUEUE)) anchor: Queue,
    @Inject(getQueueToken(CONFIRM_QUEUE)) confirm: Queue,
    @Inject(getQueueToken(DELIVER_QUEUE)) deliver: Queue,
  ) {
    this.#queues = [seal, anchor, confirm, deliver];
    for (const queue of this.#queues) {
      // As early as possible: without a listener BullMQ prints the error itself, again and again.
      queue.on('error', (error) =>
        logSparsely(this.#logger, 'warn', `queue ${queue.name}: ${describeRootCause(error)}`),
      );
    }
  }

  async onModuleInit(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.waitUntilReady()));
  }

  /** Before BullMQ's own module closes the queues without a limit. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => closeWithin(queue, CLOSE_LIMIT_MS)));
  }
}
