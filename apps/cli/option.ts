import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_URL } from './environment.js';

/** Sets the exit code of a command that ended without an error. */
export type SetExitCode = (code: number) => void;

const NETWORK_NAMES = ['mainnet', 'testnet', 'testnet4', 'signet', 'regtest'];

/** Adds the options that name where Bitcoin block headers come from. */
export function withHeaderSources(command: Command): Command {
  return command
    .option(
      '--bitcoin-rpc <url>',
      'Bitcoin node as a source of headers (else SEALROOT_BITCOIN_RPC, which hides a password)',
    )
    .addOption(listOption('--esplora <url>', 'Esplora-type service as a source of headers; repeatable'))
    .addOption(listOption('--headers <pack>', 'file of block headers as an offline source; repeatable'))
    .addOption(
      new Option(
        '--network <name>',
        'refuse headers of any other chain than this; with mainnet, test chains of any kind',
      ).choices(NETWORK_NAMES),
    )
    .option('--timeout <seconds>', 'time for one request to a source', wholeNumber(1, 3600), 10);
}

/** Adds the option that names the service. */
export function withUrl(command: Command): Command {
  return command.option('--url <url>', `address of the service (else SEALROOT_URL, else ${DEFAULT_URL})`);
}

/** Adds the option that names the agency's own key. */
export function withAgencyKey(command: Command): Command {
  return command.option(
    '--agency-key <file>',
    'sign for the agency with its own registered key: an Ed25519 private key in PEM; several files as one group',
  );
}

/** Lines of examples under a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/** An option that may be given several times. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], 'none');
}

/** Reads an option's whole number. */
export function wholeNumber(from: number, to: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new InvalidArgumentError(`Expected a whole number from ${from} to ${to}.`);
    return number;
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads an option's span of time as milliseconds. */
export function timeSpan(value: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(value) ?? [];
  if (unit === '') throw new InvalidArgumentError('Expected a whole number and a unit: s, m, h or d.');
  return Number(count) * UNIT_MS[unit]!;
}
