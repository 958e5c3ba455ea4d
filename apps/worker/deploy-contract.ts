import { setTimeout as sleep } from 'node:timers/promises';
import { AnchorError } from '#anchors/error.js';
import { deployContract } from '#anchors/evm/contract/deploy.js';
import { ConfigError, loadConfig, readEnvironment } from '#config/config.js';
import { explain } from '#config/explain.js';
import { readEvmKey } from './evm-key.js';

/** How often the chain is asked for the transaction, and for how long, in milliseconds. */
const LOOK_INTERVAL_MS = 1000;
const PATIENCE_MS = 600_000;

/** `node deploy-contract.js <chain>`: creates the contract of contract mode on a chain of `EVM_CHAINS`, paid by the account of
 * `EVM_PRIVATE_KEY_FILE`, and prints what to write into `EVM_CHAINS` once the chain holds its code. */
async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const wanted = process.argv[2];
  const chain = config.evmChains.find(({ name }) => name === wanted);
  if (chain === undefined) {
    const names = config.evmChains.map(({ name }) => name).join(', ') || 'none is there';
    const detail = `expected the name of one of these chains as the only argument (${names}), got ${wanted ?? 'none'}`;
    throw new ConfigError([{ key: 'EVM_CHAINS', detail }]);
  }
  const privateKey = readEvmKey(config);
  const sent = await deployContract({ ...chain, privateKey, fetch, timeoutMs: config.evmTimeoutMs });
  print(`account ${sent.from} has sent transaction ${sent.transaction}, which creates the contract at ${sent.address}`);
  const end = Date.now() + PATIENCE_MS;
  while (!(await sent.isDone())) {
    if (Date.now() > end)
      throw new AnchorError(
        'not-deployed',
        `Creating the contract: expected transaction ${sent.transaction} in a block within ${PATIENCE_MS / 60_000} minutes, got none`,
      );
    await sleep(LOOK_INTERVAL_MS);
  }
  print('it is there, and its code is the one that the source compiles to');
  print(`for ${chain.name} in EVM_CHAINS: "mode":"contract","to":"${sent.address}"`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
