import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '#database/project-root.js';
import type { Narrator } from './narrator.js';
import { startSandbox, type Sandbox } from './sandbox.js';
import { copyProjectSources, walkThrough } from './walk-through.js';

const USAGE = `usage: npm run sandbox [-- [--keep] FOLDER…]

Starts Sealroot with a Bitcoin chain, calendars, an EVM chain and a time-stamp authority of its own on this machine, notarises every
file of the folders (without one: the project's own sources), waits for every anchor, verifies each proof, and shows that forgeries are refused.
Nothing is sent to the network; everything is removed at the end.

  --keep   leave it running afterwards, until Ctrl-C
`;

/** Time between blocks: short enough for patience, long enough to see a proof that is still pending. */
const BLOCK_INTERVAL_MS = 4_000;
const COMMIT_INTERVAL_MS = 1_000;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s`;
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  let steps = 0;
  const tell: Narrator = {
    step: (text) => print(`\n${++steps}. ${text}`),
    line: (text) => print(`            ${text}`),
    passed: (text) => print(`  ${seconds()}  ✓ ${text}`),
    failed: (text) => print(`  ${seconds()}  ✗ ${text}`),
    skipped: (text) => print(`  ${seconds()}  – skipped: ${text}`),
  };

  let sandbox: Sandbox | undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
  try {
    tell.step('Start');
    const starting = startSandbox({
      everyAnchor: true,
      blockIntervalMs: BLOCK_INTERVAL_MS,
      commitIntervalMs: COMMIT_INTERVAL_MS,
      onStarted: (what) => tell.passed(what),
    }).then((ready) => (sandbox = ready));
    if ((await Promise.race([starting, interrupted])) === 'interrupted') {
      // Whatever comes up now must go down again.
      await starting;
      return 130;
    }
    const started = await starting;
    const paths =
      positionals.length > 0 ? positionals : await copyProjectSources(projectRoot(), join(started.folder, 'documents'));
    const walked = await Promise.race([walkThrough(started, paths, tell), interrupted]);
    if (walked === 'interrupted') return 130;
    print(`\nEvery promise held: ${walked} documents, notarised, anchored and verified in ${seconds().trim()}.`);
    if (values.keep) {
      printKept(started, print);
      await interrupted;
    }
    return 0;
  } catch (error) {
    tell.failed(error instanceof Error ? error.message : String(error));
    if (sandbox) print(`\nThe end of what the service printed:\n${sandbox.service.output().slice(-3000)}`);
    return 1;
  } finally {
    await sandbox?.stop();
  }
}

/** The command line's options and folders. Ends the process on a wrong option or a folder that is not there. */
function readArguments() {
  try {
    const given = parseArgs({
      options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    for (const path of given.positionals) statSync(path);
    return given;
  } catch (error) {
    process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(64);
  }
}

function printKept({ service, node, calendars, further, folder }: Sandbox, print: (text: string) => void): void {
  const root = further?.authority?.root.certificateFile;
  const more = `${further ? ` --evm-rpc ${further.evm.rpcUrl}` : ''}${root === undefined ? '' : ` --tsa-root ${root}`}`;
  print(`
Left running until Ctrl-C:

  page       ${service.url}/
  API        ${service.url}/docs
  anchors    ${service.url}/v1/anchors
  API key    ${service.apiKey}
  node RPC   ${node.rpcUrl}
  calendars  ${calendars.map(({ url }) => url).join(' ')}
  EVM RPC    ${further?.evm.rpcUrl ?? '–'}
  TSA        ${further?.authority?.url ?? '–'}  (root: ${root ?? '–'})
  proofs     ${folder}/proofs

  SEALROOT_URL=${service.url} SEALROOT_API_KEY=${service.apiKey} npx sealroot submit FILE --wait
  npx sealroot verify FILE --proof FILE.sealroot.json --bitcoin-rpc ${node.rpcUrl}${more}
`);
}

process.exitCode = await main();
