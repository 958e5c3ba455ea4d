import { existsSync, readFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { parseProxyUrl, ProxySettingError, type ProxySettings } from '#outbound/proxy-settings.js';
import { addAdministration } from './administration.js';
import { addAudit } from './audit/audit-commands.js';
import { CliError } from './cli-error.js';
import type { Context } from './context.js';
import { addEmbed } from './embed/embed-command.js';
import { addHeaders } from './headers/headers-command.js';
import { languageOption } from './language.js';
import {
  examples,
  listOption,
  type SetExitCode,
  timeSpan,
  wholeNumber,
  withAgencyKey,
  withHeaderSources,
  withUrl,
} from './option.js';
import { addPage } from './page/page-command.js';
import { addQr } from './paper/qr-command.js';
import { addStatus } from './status/status-command.js';

const ALGORITHMS = ['sha256', 'sha512', 'sha3-256', 'sm3'];

const EXIT_CODES = `
Exit codes
  0 authentic, or done   1 mismatch, rejected or no such record   2 something needed was not given or not reached
  3 authentic, not current   4 pending   5 authentic, but who signed was not checked
  64 wrong command line   65 the proof, or another input file, is not what it should be
  66 a file cannot be read   70 fault of this program   73 a file cannot be written
  76 the service answered wrongly   77 key or token refused   78 no key or token found, or a setting that cannot be used`;

/**
 * The command line. Each command loads its code only when it runs, so that `sealroot hash` starts as fast as it can.
 * Wrong usage rejects with a CommanderError; everything else is the command's own.
 */
export function createProgram(context: Context, setExitCode: SetExitCode): Command {
  const { terminal } = context;
  const program = new Command('sealroot')
    .description('Notarise documents by their digests, and verify the proofs without the service')
    .version(readVersion())
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText('after', EXIT_CODES)
    .hook('preAction', () => checkProxy(context.environment.proxy));

  addHash(program, context);
  addSubmit(program, context, setExitCode);
  addStatus(program, context, setExitCode);
  addProof(program, context);
  addEmbed(program, context);
  addQr(program, context);
  addExport(program, context);
  addPage(program, context);
  addVerify(program, context, setExitCode);
  addAudit(program, context, setExitCode);
  addHeaders(program, context, setExitCode);
  addAdministration(program, context, setExitCode);
  withUrl(program.command('log-key'))
    .description("print the verifier key of the service's log")
    .addHelpText('after', examples('sealroot log-key > log.vkey'))
    .action(async (options) => (await import('./commands/log-key.js')).printLogKey(context, options));
  return program;
}

/** Said before anything is asked, where it would count as an answer that did not come. */
function checkProxy({ httpsProxy, httpProxy }: ProxySettings): void {
  for (const [name, address] of Object.entries({ HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy })) {
    try {
      if (address !== undefined) parseProxyUrl(address);
    } catch (error) {
      if (!(error instanceof ProxySettingError)) throw error;
      throw new CliError('bad-setting', `${name}: ${error.message}`, { cause: error });
    }
  }
}

function addHash(program: Command, context: Context): void {
  program
    .command('hash')
    .description('print the digest of files, as sha256sum does')
    .argument('<FILE...>', 'files to hash; - is standard input')
    .addOption(new Option('-a, --algorithm <name>', 'digest algorithm').choices(ALGORITHMS).default('sha256'))
    .option('--blind', 'also print a fresh salt and the blinded digest made with it')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples('sealroot hash contract.pdf', 'tar c folder | sealroot hash -', 'sealroot hash --blind licence.pdf'),
    )
    .action(async (files, options) => (await import('./commands/hash.js')).hashFiles(context, files, options));
}

function addSubmit(program: Command, context: Context, setExitCode: SetExitCode): void {
  withAgencyKey(withUrl(program.command('submit')))
    .description('notarise files: hash them here, post the digests, keep receipts and proofs')
    .argument('<PATH...>', 'files or folders; folders are searched to the bottom, symbolic links in them not followed')
    .option('--key-file <file>', "file with the agency's API key (else SEALROOT_API_KEY, else ./data/demo-api-key)")
    .option('--key <key>', 'the API key itself; visible in the process list')
    .option('--profile <profile>', 'record profile', 'generic@1')
    .addOption(
      new Option('-a, --algorithm <names>', `digest algorithms, separated by commas: ${ALGORITHMS.join(', ')}`)
        .argParser(algorithmList)
        .default(['sha256'], 'sha256'),
    )
    .option('--blind', 'post salted digests; the salt is kept in FILE.sealroot-salt.json and in the proof')
    .option('--reference <text>', "the record's reference (one file only); by default computed from what is posted")
    .option('--reference-prefix <text>', 'prefix of the computed references')
    .option('--claims <json>', 'coded facts, never personal data: JSON, or @file')
    .option('--valid-from <time>', 'beginning of validity, RFC 3339')
    .option('--valid-until <time>', 'end of validity, RFC 3339')
    .option('--supersedes <id>', 'the record whose place it takes, in the same commit (one file only)')
    .option('--wait', 'wait for each proof and write FILE.sealroot.json')
    .option('--wait-anchored', 'wait until a block chain attests each proof: hours, with Bitcoin')
    .option(
      '--wait-timeout <seconds>',
      'give up waiting after this time (300; anchored: 172800)',
      wholeNumber(1, 31_536_000),
    )
    .option('-o, --out <folder>', 'write proofs, salts and receipts there instead of beside the files')
    .option('-j, --jobs <n>', 'files hashed, and proofs fetched, at the same time', wholeNumber(1, 64), 4)
    .option('--retries <n>', 'retries of a request that gets no answer', wholeNumber(0, 100), 8)
    .option('--no-resume', 'post also what has a receipt already')
    .addOption(listOption('--log-key <key>', 'verifier key, or @file, that must sign receipts and proofs; repeatable'))
    .option('--json', 'print one JSON object a line')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'sealroot submit contract.pdf --wait',
        'sealroot submit archive/ --key-file key.txt --profile evidence@1 --out proofs/',
        'sealroot submit licence.pdf --profile licence@1 --blind --valid-until 2030-12-31T23:59:59Z --wait',
      ),
    )
    .action(async (paths, options) =>
      setExitCode(await (await import('./commands/submit.js')).submit(context, paths, options)),
    );
}

function addProof(program: Command, context: Context): void {
  withUrl(program.command('proof'))
    .description("get a record's proof from the service, or convert one, in a format for other tools")
    .argument('<ID|FILE>', 'record id, or the document itself, which is looked up by its digest')
    .addOption(
      new Option('-f, --format <format>', 'format of the proof').choices(['json', 'ots', 'tlog-proof']).default('json'),
    )
    .addOption(
      new Option('--tree <tree>', 'what a tlog-proof shows: the record in its batch, or the batch in the log')
        .choices(['batch', 'log'])
        .default('batch'),
    )
    .option(
      '-o, --out <file>',
      'file to write, - for standard output (default: beside FILE; for an ID standard output)',
    )
    .option('--salt <hex>', 'salt of a blinded document, when no salt file or proof lies beside it')
    .option('--from <proof>', 'take this proof instead of asking the service')
    .addOption(languageOption())
    .addOption(listOption('--log-key <key>', 'verifier key, or @file, that must have signed; repeatable'))
    .addHelpText(
      'after',
      examples(
        'sealroot proof contract.pdf',
        'sealroot proof 0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11 --out contract.pdf.sealroot.json',
        'sealroot proof contract.pdf --format ots --from contract.pdf.sealroot.json',
      ),
    )
    .action(async (subject, options) => (await import('./commands/proof.js')).getProof(context, subject, options));
}

function addExport(program: Command, context: Context): void {
  program
    .command('export')
    .description('write what stock tools need to verify a proof: openssl, OpenTimestamps, any RPC of an EVM chain')
    .argument('<PROOF>', 'Sealroot proof')
    .argument('<FOLDER>', 'a new or empty folder; its README.txt names the commands')
    .option('--document <file>', 'the document; needed for a blinded one, whose .ots file starts at it')
    .option('--salt <hex>', 'salt of a blinded document, when neither the proof nor the salt file beside it holds it')
    .option('--json', 'print the names of the files as JSON')
    .addOption(languageOption())
    .addHelpText('after', examples('sealroot export contract.pdf.sealroot.json stock-tools/ --document contract.pdf'))
    .action(async (proof, folder, options) =>
      (await import('./commands/export.js')).exportProof(context, proof, folder, options),
    );
}

function addVerify(program: Command, context: Context, setExitCode: SetExitCode): void {
  withHeaderSources(program.command('verify'))
    .description('verify a document against its proof; needs no service and no database')
    .addArgument(new Argument('[FILE]', 'the document; - is standard input'))
    .addOption(
      listOption(
        '-p, --proof <file>',
        'Sealroot proof or detached .ots file; repeatable (default: the one inside FILE, and what fits of FILE.sealroot.json, FILE.ots)',
      ),
    )
    .addOption(listOption('--digest <algorithm:hex>', 'digest of the document instead of FILE; repeatable'))
    .addOption(
      listOption(
        '--evm-rpc <url>',
        'JSON-RPC of a node of an EVM chain (else SEALROOT_EVM_RPC, which hides a key); repeatable',
      ),
    )
    .addOption(
      listOption(
        '--tsa-root <file>',
        'root certificates of time-stamp authorities that you trust, PEM (with issuers that tokens leave out) or DER; repeatable',
      ),
    )
    .addOption(listOption('--log-key <key>', 'verifier key of the log that you trust, or @file; repeatable'))
    .option('--salt <hex>', 'salt of a blinded document, when the proof holds none')
    .addOption(
      listOption('--pin-block <height:hash>', 'Bitcoin block that you know, on which --headers may hang; repeatable'),
    )
    .option('--any-signer', 'exit 0 also when who signed was not checked')
    .option('--at <time>', 'say what the record’s standing was at this time, as far as the proof shows, RFC 3339')
    .option(
      '--status-max-age <span>',
      'oldest status to rely on, such as 90s, 15m, 36h, 7d (default: by the kind of record)',
      timeSpan,
    )
    .addOption(
      listOption(
        '--witness-key <key>',
        'key of a witness that you trust to say when it saw a checkpoint, or @file; repeatable',
      ),
    )
    .option('--extract <file>', 'write the registered version of FILE there, without the proof inside it')
    .option('--now <time>', 'take this for the present time, RFC 3339')
    .option('--json', 'print the result as one JSON object')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'sealroot verify contract.pdf --esplora https://blockstream.info/api --esplora https://mempool.space/api',
        'sealroot verify contract.pdf --proof contract.pdf.ots --headers headers.pack',
        'sealroot verify contract.pdf --evm-rpc https://ethereum-rpc.example --tsa-root authority-root.pem',
        'sealroot verify --digest sha256:… --proof contract.pdf.sealroot.json --log-key @log.vkey',
        'sealroot verify title.pdf --at 2024-12-31T23:59:59Z --headers headers.pack',
      ),
    )
    .action(async (file, options) =>
      setExitCode(await (await import('./commands/verify.js')).verify(context, file, options)),
    );
}

function algorithmList(value: string): string[] {
  const names = [...new Set(value.split(','))];
  for (const name of names)
    if (!ALGORITHMS.includes(name)) throw new InvalidArgumentError(`Expected a list of ${ALGORITHMS.join(', ')}.`);
  return names;
}

/** The version in the project's package.json, which lies two folders above this file's source and three above its compiled form. */
function readVersion(): string {
  for (const above of ['../../package.json', '../../../package.json']) {
    const file = new URL(above, import.meta.url);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
}
