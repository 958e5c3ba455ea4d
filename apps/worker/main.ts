import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#config/config.js';
import { readEnvironment } from '#config/environment.js';
import { explain } from '#config/explain.js';
import { createLogger, logPlainLines } from '#config/logger.js';
import { useProxy } from '#outbound/use-proxy.js';
import { WorkerModule } from './worker.module.js';

/** Starts the worker as a process of its own; SIGTERM, SIGINT and SIGHUP stop it after its running jobs. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  logPlainLines(createLogger(config));
  useProxy(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.forProcess(config), {
    logger: createLogger(config),
    abortOnError: false,
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
  new Logger('worker').log('the worker runs');
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
