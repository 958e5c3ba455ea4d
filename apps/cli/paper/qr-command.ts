import { type Command, Option } from 'commander';
import type { Context } from '../context.js';
import { languageOption } from '../language.js';
import { examples, listOption } from '../option.js';

/** Adds `qr`. */
export function addQr(program: Command, context: Context): void {
  program
    .command('qr')
    .description('make the code for print of a permit, from the permit’s text and its proof; no network')
    .argument('<FILE>', 'the text of the permit, which was sealed')
    .argument('[PROOF]', 'its proof (default: FILE.sealroot.json)')
    .addOption(
      new Option('--form <form>', "checked with the log's key alone, or smaller and with a gate pack")
        .choices(['self-contained', 'landmark'])
        .default('self-contained'),
    )
    .addOption(new Option('--format <format>', 'what is written').choices(['svg', 'png', 'text']).default('svg'))
    .option('-o, --out <file>', 'file to write (default: standard output)')
    .option('--salt <hex>', 'salt of a blinded document, when neither the proof nor the salt file beside it holds it')
    .option('--no-text', 'leave the text out: the code then says only which record the paper belongs to')
    .addOption(listOption('--log-key <key>', 'verifier key, or @file, that must have signed; repeatable'))
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'sealroot qr permit.txt --out permit.svg',
        'sealroot qr permit.txt permit.txt.sealroot.json --form landmark --format png --out permit.png',
      ),
    )
    .action(async (file, proof, options) => (await import('../commands/qr.js')).makeQr(context, file, proof, options));
}
