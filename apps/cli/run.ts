import { CommanderError } from 'commander';
import { CliError, reasonOf } from './cli-error.js';
import type { Context } from './context.js';
import { EXIT } from './exit-code.js';
import { createProgram } from './program.js';
import { visible } from './terminal.js';

/** Runs one command line (without `node` and the script's name) and returns its exit code; prints every failure as one line. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (context.environment.debug && error instanceof Error) context.terminal.note(error.stack ?? error.message);
    if (error instanceof CliError) {
      context.terminal.note(`sealroot: ${visible(error.message)}`);
      return error.exitCode;
    }
    context.terminal.note(
      `sealroot: a fault of this program: ${visible(reasonOf(error))} (SEALROOT_DEBUG=1 shows where; please report it)`,
    );
    return EXIT.software;
  }
}
