import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { loadConfig } from '#config/config.js';
import { readEnvironment } from '#config/environment.js';
import { createLogger, logPlainLines } from '#config/logger.js';
import { explain } from '#config/explain.js';
import { useProxy } from '#outbound/use-proxy.js';
import { createApi } from './create-api.js';

/** Starts the API as a process of its own; SIGTERM, SIGINT and SIGHUP stop it after it has answered what it accepted. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  logPlainLines(createLogger(config));
  useProxy(config);
  const app = await createApi(config);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
  await app.listen(config.port, config.host);
  new Logger('api').log(`listening on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
