import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig, readEnvironment } from '#config/config.js';
import { createLogger } from '#config/logger.js';
import { WorkerModule } from './worker.module.js';

/** Starts the worker as a process of its own; SIGTERM and SIGINT stop it after its running jobs. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const app = await NestFactory.createApplicationContext(WorkerModule.forProcess(config), {
    logger: createLogger(config),
    abortOnError: false,
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  new Logger('worker').log('the worker runs');
}

main().catch((error: unknown) => {
  // A bad configuration has a message for people; anything else is a fault and keeps its stack.
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
