import type { Command } from 'commander';
import type { Context } from '../context.js';
import { languageOption } from '../language.js';
import { examples, listOption, withUrl } from '../option.js';

/** Adds `embed`. */
export function addEmbed(program: Command, context: Context): void {
  withUrl(program.command('embed'))
    .description('put the proof into the document: a PDF, or a ZIP file such as OFD, DOCX, XLSX')
    .argument('<FILE>', 'the document; or one with its proof inside, whose proof is renewed')
    .argument('[PROOF]', 'its proof (default: FILE.sealroot.json; to renew one, what the service has)')
    .option('-o, --out <file>', 'file to write (default: NAME.sealroot.EXT; to renew one, FILE itself)')
    .option(
      '--signed',
      'add to a PDF that is signed, too: readers then say that the signature does not cover all of it',
    )
    .option(
      '--container',
      'put document and proof into a ZIP file, side by side: FILE.sealroot.zip, for files of any kind',
    )
    .addOption(listOption('--log-key <key>', 'verifier key, or @file, that must have signed; repeatable'))
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'sealroot embed contract.pdf',
        'sealroot embed contract.sealroot.pdf',
        'sealroot embed signed.pdf --container',
        'sealroot embed report.docx proofs/report.docx.sealroot.json --out report.docx.sealed',
      ),
    )
    .action(async (file, proof, options) =>
      (await import('../commands/embed.js')).embedProof(context, file, proof, options),
    );
}
