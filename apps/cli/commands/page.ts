import { commandLineWords } from '#words/command-line.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { type PageName, readPage } from '../export/page.js';
import { languageFor, type LanguageOption } from '../language.js';
import { writeWholeFile } from '../output-file.js';
import { visible } from '../terminal.js';

/** Options of `sealroot page`. */
export interface PageOptions extends LanguageOption {
  out?: string | undefined;
  json?: true | undefined;
}

/** Writes a page that needs no service, and prints its digest as `sha256sum` does. */
export async function writePage(context: Context, name: PageName, options: PageOptions): Promise<void> {
  const page = await readPage(name);
  if (page === null)
    throw new CliError('software', `Writing ${name}.html: expected it built, found none; "npm run build" makes it`);
  const file = options.out ?? `${name}.html`;
  if (!(await writeWholeFile(file, page.content, { replace: false })))
    throw new CliError('cannot-create', `Writing ${file}: expected a new name, got that of a file that is there`);
  if (options.json) return context.terminal.json({ file, sha256: page.sha256 });
  context.terminal.print(`${page.sha256}  ${visible(file)}`);
  context.terminal.note(commandLineWords(languageFor(context, options)).evidence.pageDigest);
}
