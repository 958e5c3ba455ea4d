import 'reflect-metadata';
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Config, ConfigError, loadConfig, readEnvironment } from '#config/config.js';
import { WorkerModule } from './worker.module.js';

const LOG_LEVELS: Record<Config['logLevel'], LogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** Starts the worker as a process of its own; SIGTERM and SIGINT stop it after its running jobs. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const app = await NestFactory.createApplicationContext(WorkerModule.forProcess(config), {
    logger: new ConsoleLogger({ json: true, colors: false, logLevels: LOG_LEVELS[config.logLevel] }),
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
