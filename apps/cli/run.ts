import { CommanderError } from 'commander';
import { commandLineWords } from '#words/command-line.js';
import type { Language } from '#words/language.js';
import { DEFAULT_LANGUAGE } from '#words/languages.js';
import { CliError, EvidenceError, reasonOf } from './cli-error.js';
import type { Context } from './context.js';
import { EXIT } from './exit-code.js';
import { languageFor, type LanguageOption } from './language.js';
import { createProgram } from './program.js';
import { visible } from './terminal.js';

/** Runs one command line (without `node` and the script's name) and returns its exit code; prints every failure. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  let language = DEFAULT_LANGUAGE;
  program.hook('preAction', (_, command) => {
    language = languageFor(context, command.opts<LanguageOption>());
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (context.environment.debug && error instanceof Error)
      for (const line of (error.stack ?? error.message).split('\n')) context.terminal.note(visible(line));
    const failure =
      error instanceof CliError
        ? error
        : new CliError(
            'software',
            `a fault of this program: ${reasonOf(error)} (SEALROOT_DEBUG=1 shows where; please report it)`,
          );
    for (const line of failureLines(failure, language)) context.terminal.note(visible(line));
    return failure.exitCode;
  }
}

/** A failure in lines: first its kind, where it is told in another language than that of the command. */
function failureLines(failure: CliError, language: Language): string[] {
  const { code, message } = failure;
  const kind = commandLineWords(language).failures?.[code];
  const detail = (text: string) => `    ${language.labels.detail}: ${text}`;
  if (failure instanceof EvidenceError) return [`sealroot: ${message}`, ...failure.details.map(detail)];
  return kind === undefined ? [`sealroot: ${message}`] : [`sealroot: ${kind}`, detail(message)];
}
