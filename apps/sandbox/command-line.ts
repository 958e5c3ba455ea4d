import { Readable, Writable } from 'node:stream';
import { processContext } from '../cli/context.js';
import { run } from '../cli/run.js';
import { Terminal } from '../cli/terminal.js';

/** What a command of the command line did. */
export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs `sealroot` with these arguments in this process: the command line's own entry, without the 0.2 s of a new process for each of
 * hundreds of files. It sees no environment but the one given. */
export async function sealroot(
  args: readonly string[],
  environment: { url?: string; apiKey?: string } = {},
): Promise<CommandResult> {
  const out = sink();
  const err = sink();
  const settings = {
    url: environment.url,
    apiKey: environment.apiKey,
    adminToken: undefined,
    bitcoinRpc: undefined,
    evmRpc: [],
    proxy: {},
    locale: undefined,
    debug: false,
    noColor: true,
  };
  const exitCode = await run(args, {
    ...processContext(),
    stdin: Readable.from([]),
    environment: settings,
    terminal: new Terminal(out.stream, err.stream, settings),
  });
  return { exitCode, stdout: out.text(), stderr: err.text() };
}

function sink(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
