import type { Command } from 'commander';
import type { Context } from '../context.js';
import { languageOption } from '../language.js';
import { examples, listOption, type SetExitCode, withHeaderSources, wholeNumber } from '../option.js';

/** Highest block number there can be: heights are 32-bit numbers in Bitcoin. */
const MAX_HEIGHT = 0x7fffffff;

/** Adds `headers fetch`, `headers verify` and `headers info`. */
export function addHeaders(program: Command, context: Context, setExitCode: SetExitCode): void {
  const load = () => import('../commands/headers.js');
  const headers = program
    .command('headers')
    .description('keep Bitcoin block headers in a file, to verify proofs without a network');

  withHeaderSources(headers.command('fetch'))
    .description('fetch headers into a file, or continue one: all sources must show the same blocks')
    .argument('<PACK>', 'the file; 80 bytes a block')
    .option(
      '--start <height:hash>',
      "first block of a new file, which an old one is compared with (default: the network's block 0)",
    )
    .option('--to <height>', 'last block wanted (default: the newest)', wholeNumber(0, MAX_HEIGHT))
    .option('-j, --jobs <n>', 'requests to one explorer at the same time', wholeNumber(1, 64), 8)
    .option('--retries <n>', 'retries of a request that gets no answer', wholeNumber(0, 100), 4)
    .option('--json', 'print the result as one JSON object')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'SEALROOT_BITCOIN_RPC=http://user:password@127.0.0.1:8332 sealroot headers fetch mainnet.headers',
        'sealroot headers fetch mainnet.headers --esplora https://blockstream.info/api --esplora https://mempool.space/api',
        'sealroot headers fetch recent.headers --start 840000:0000000000000000000320283a032748cef8227873ff4872689bf23f1cda83a5 --to 850000 --esplora …',
      ),
    )
    .action(async (pack, options) => (await load()).fetchPack(context, pack, options));

  withHeaderSources(headers.command('verify'))
    .description('check linkage, proof of work and targets of a file, and compare it with sources if any are named')
    .argument('<PACK>', 'the file')
    .option('--start <height:hash>', 'block that the file must start with')
    .addOption(listOption('--height <height>', 'block to compare with the sources instead of the newest; repeatable'))
    .option('--json', 'print the result as one JSON object')
    .addOption(languageOption())
    .addHelpText('after', examples('sealroot headers verify mainnet.headers --esplora https://mempool.space/api'))
    .action(async (pack, options) => setExitCode(await (await load()).verifyPack(context, pack, options)));

  headers
    .command('info')
    .description('say what is in a file of headers')
    .argument('<PACK>', 'the file')
    .option('--json', 'print it as one JSON object')
    .addOption(languageOption())
    .action(async (pack, options) => (await load()).showPack(context, pack, options));
}
