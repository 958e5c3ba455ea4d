import { Argument, type Command } from 'commander';
import type { Context } from '../context.js';
import type { PageName } from '../export/page.js';
import { languageOption } from '../language.js';
import { examples } from '../option.js';

/** Adds `page`. */
export function addPage(program: Command, context: Context): void {
  program
    .command('page')
    .description('write a page of one file that verifies in any browser, from disk, without any network')
    .addArgument(
      new Argument('[NAME]', 'offline: documents; gate: printed permits')
        .choices(['offline', 'gate'])
        .default('offline'),
    )
    .option('-o, --out <file>', 'file to write (default: NAME.html)')
    .option('--json', 'print one JSON object')
    .addOption(languageOption())
    .addHelpText('after', examples('sealroot page', 'sealroot page gate --out /media/stick/gate.html'))
    .action(async (name, options) =>
      (await import('../commands/page.js')).writePage(context, name as PageName, options),
    );
}
