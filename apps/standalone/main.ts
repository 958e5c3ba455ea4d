import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { CONFIG, type Config, loadConfig } from '#config/config.js';
import { readEnvironment, stateFolder } from '#config/environment.js';
import { createLogger, logPlainLines } from '#config/logger.js';
import { explain } from '#config/explain.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { useProxy } from '#outbound/use-proxy.js';
import { createApi } from '../api/create-api.js';
import { checkAnchorFiles } from '../worker/anchors.js';
import { completeConfig, ensureDemoAgency } from './first-run.js';
import { OwnDatabase } from './own-database.js';
import { StandaloneModule } from './standalone.module.js';
import { welcomeText } from './welcome.js';

/** Pause between two looks whether the process that started this one is still there. */
const PARENT_POLL_MS = 250;

/** What has to be undone at the end, last first. */
const undo: (() => Promise<void>)[] = [];

async function main(): Promise<void> {
  const environment = readEnvironment();
  const settings = await completeConfig(loadConfig(environment), stateFolder(environment));
  useProxy(settings);
  // Before anything is started that would have to be stopped again.
  checkAnchorFiles(settings);
  const config = await startDatabase(settings);
  logPlainLines(createLogger(config));
  const app = await createApi(config, { module: StandaloneModule.forProcess(config) });
  undo.push(() => app.close());
  // Who has a database of his own, or says that this is production, tries nothing out: a key that nobody asked for would be a way in.
  const isTrial = settings.databaseUrl === undefined && process.env['NODE_ENV'] !== 'production';
  const demo = isTrial ? await ensureDemoAgency(app.get(AgencyRepository), config) : null;
  await app.listen(config.port, config.host);
  const url = config.publicUrl ?? (await app.getUrl());
  process.stdout.write(
    welcomeText({ url, origin: app.get<Config>(CONFIG).logOrigin, isTrial, demo, dataDir: config.dataDir }),
  );
}

/** The configuration with a database in it: the one it names, or the embedded one, started and claimed for this process. */
async function startDatabase(config: Config): Promise<Config> {
  if (config.databaseUrl) return config;
  const database = await OwnDatabase.start(config.dataDir, say, (error) => {
    // Without its database the process is of no use, and must not look as if it were.
    process.stderr.write(`${explain(error)}\n`);
    void stop(1);
  });
  undo.push(() => database.stop());
  return { ...config, databaseUrl: database.url };
}

function say(message: string): void {
  new Logger('database').warn(message);
}

/** Stops what was started, once, in reverse order, and ends the process. */
let stopping: Promise<void> | undefined;
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    for (const step of undo.reverse()) {
      await step().catch((error: unknown) => {
        code = 1;
        process.stderr.write(`${explain(error)}\n`);
      });
    }
    process.exit(code);
  })();
  return stopping;
}

// Before anything is started: a signal in the middle of the start undoes what there is.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

// npm and its shell hand on some signals, and to some only: when they are gone, nobody is left who could stop the service by them.
if (readEnvironment()['npm_lifecycle_event'] === 'start') {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, PARENT_POLL_MS).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  void stop(1);
});
