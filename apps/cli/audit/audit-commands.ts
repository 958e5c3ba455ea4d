import type { Command } from 'commander';
import type { Context } from '../context.js';
import { languageOption } from '../language.js';
import { examples, listOption, type SetExitCode, wholeNumber } from '../option.js';

/** Adds `audit` and `watch`. */
export function addAudit(program: Command, context: Context, setExitCode: SetExitCode): void {
  withReport(program.command('audit'))
    .description("replay a service's public log: every checkpoint, batch and status, from where the state file ends")
    .argument('[URL]', 'address of the service (else SEALROOT_URL)')
    .option('--state <file>', 'what was seen of the log; written anew while the audit goes on', 'sealroot-audit.state')
    .addHelpText(
      'after',
      examples('sealroot audit https://notary.example --log-key @notary.vkey', 'sealroot audit --json --any-signer'),
    )
    .action(async (url, options) =>
      setExitCode(await (await import('../commands/audit.js')).auditLog(context, url, options)),
    );

  withReport(program.command('watch'))
    .description('audit the log, and alert on changes of your own records that you did not send')
    .argument('[URL]', 'address of the service (else SEALROOT_URL)')
    .addOption(
      listOption(
        '--receipts <folder>',
        'receipts that submit and status wrote: your records, and what you sent; repeatable',
      ),
    )
    .addOption(listOption('--records <file>', 'more records of yours, ids or ordinals, one a line; repeatable'))
    .addOption(
      listOption('--sent <file>', 'more events that you sent, by the leafHash of the answer, one a line; repeatable'),
    )
    .option('--once', 'look once, and end')
    .option('--interval <seconds>', 'time between two looks', wholeNumber(1, 86_400), 60)
    .option('--state <file>', 'what was seen of the log; written anew while the audit goes on', 'sealroot-watch.state')
    .addHelpText(
      'after',
      examples(
        'sealroot watch https://notary.example --receipts sealroot-receipts --log-key @notary.vkey --once',
        'sealroot watch --records our-records.txt --sent our-events.txt --json',
      ),
    )
    .action(async (url, options) =>
      setExitCode(await (await import('../commands/watch.js')).watchRecords(context, url, options)),
    );
}

function withReport(command: Command): Command {
  return command
    .addOption(listOption('--log-key <key>', 'verifier key of the log that you trust, or @file; repeatable'))
    .option('--any-signer', 'exit 0 also when who signed was not checked')
    .option('--json', 'print one JSON object a line: each finding, then the result')
    .addOption(languageOption());
}
