import { type Command, Option } from 'commander';
import { CHANGED_STATUSES } from '#statement/status-change.js';
import type { Context } from '../context.js';
import { languageOption } from '../language.js';
import { examples, listOption, type SetExitCode, withAgencyKey, withUrl } from '../option.js';

/** Adds `status`. */
export function addStatus(program: Command, context: Context, setExitCode: SetExitCode): void {
  withAgencyKey(withUrl(program.command('status')))
    .description('change the status of records that you notarised, and keep the receipts')
    .argument('<RECORD...>', 'record ids')
    .addOption(
      new Option('--to <status>', 'what they become; active ends a suspension')
        .choices(Object.keys(CHANGED_STATUSES))
        .makeOptionMandatory(),
    )
    .option('--reason <code>', 'why: a code of your own, a-z, 0-9 and -')
    .option('--by <id>', 'the record that takes the place of a superseded one')
    .option('--effective-at <time>', 'since when, RFC 3339 (default: now)')
    .option('--key-file <file>', "file with the agency's API key (else SEALROOT_API_KEY, else ./data/demo-api-key)")
    .option('--key <key>', 'the API key itself; visible in the process list')
    .option('-o, --out <folder>', 'write the receipts below this folder instead of the current one')
    .addOption(listOption('--log-key <key>', 'verifier key, or @file, that must sign the receipts; repeatable'))
    .option('--json', 'print one JSON object a line')
    .addOption(languageOption())
    .addHelpText('after', examples('sealroot status 0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11 --to revoked --reason misuse'))
    .action(async (records, options) =>
      setExitCode(await (await import('../commands/status.js')).changeStatus(context, records, options)),
    );
}
