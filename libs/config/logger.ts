import { format } from 'node:util';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Config } from './config.js';

const LOG_LEVELS: Record<Config['logLevel'], LogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** Parts of the framework that tell at length how it puts itself together. */
const ASSEMBLY = new Set(['NestFactory', 'NestApplication', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** Context of the lines that say what an administrator did. They are printed at every level. */
export const AUDIT_CONTEXT = 'audit';

/** The service's log: one JSON object a line, the framework's own assembly only at level debug. */
class ServiceLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && ASSEMBLY.has(context) && !this.isLevelEnabled('debug')) return;
    if (context === AUDIT_CONTEXT) this.printMessages([message], context, 'log');
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // What ends the start is told once, by the entry point.
    if (rest.at(-1) === 'ExceptionHandler' && !this.isLevelEnabled('debug')) return;
    super.error(message, ...rest);
  }
}

/** The logger of a process that runs with this configuration. */
export function createLogger(config: Pick<Config, 'logLevel'>): ConsoleLogger {
  return new ServiceLogger({ json: true, colors: false, logLevels: LOG_LEVELS[config.logLevel] });
}

/** Turns what libraries print to the console, and what Node warns of, into lines of the log. For entry points: it is the whole process's. */
export function logPlainLines(logger: ConsoleLogger): void {
  for (const [method, level] of Object.entries(CONSOLE_LEVELS) as [
    keyof typeof CONSOLE_LEVELS,
    'error' | 'warn' | 'log',
  ][])
    console[method] = (...given: unknown[]) => logger[level](format(...given), 'console');
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => logger.warn(`${name}: ${message}`, 'node'));
}

const CONSOLE_LEVELS = { error: 'error', warn: 'warn', log: 'log', info: 'log', debug: 'log', trace: 'warn' } as const;
