import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig, readEnvironment } from '#config/config.js';
import { explain } from '#config/explain.js';
import { createLogger } from '#config/logger.js';
import { useProxy } from '#outbound/use-proxy.js';
import { WorkerModule } from './worker.module.js';

/** Starts the worker as a process of its own; SIGTERM and SIGINT stop it after its running jobs. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  useProxy(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.forProcess(config), {
    logger: createLogger(config),
    abortOnError: false,
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  new Logger('worker').log('the worker runs');
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
