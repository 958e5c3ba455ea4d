import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealroot } from '../command-line.js';
import { startSandbox, type Sandbox } from '../sandbox.js';

/** Deeper than six blocks, after which Bitcoin's anchoring is called final, and than anvil's two. */
const DEPTH = 7;

/** What `sealroot verify --json` says of an anchor. */
interface SaidFinding {
  check: string;
  outcome: string;
  kind?: string;
  finality?: string;
  hash?: string;
}

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    everyAnchor: true,
    settings: { ANCHOR_INTERVAL_SECONDS: '3600', OTS_POLL_SECONDS: '3600' },
  });
});
afterAll(() => sandbox?.stop());

/** State of the newest submission of each anchor. */
async function states(): Promise<Record<string, string>> {
  const { anchors } = (await (await fetch(`${sandbox.service.url}/v1/anchors`)).json()) as {
    anchors: { name: string; state: string }[];
  };
  return Object.fromEntries(anchors.map(({ name, state }) => [name, state]));
}

/** Waits, while `meanwhile` moves the chains, until both have the state. */
async function until(state: string, meanwhile: () => Promise<void>): Promise<void> {
  let seen: Record<string, string> = {};
  for (let i = 0; i < 60; i++) {
    seen = await states();
    if (seen['bitcoin'] === state && seen['evm:anvil'] === state) return;
    await meanwhile();
    await sleep(500);
  }
  throw new Error(`expected both chains to be ${state}, got ${JSON.stringify(seen)}`);
}

it('undoes what was final on both chains when they reorganise, and no proof keeps a block that is gone', async () => {
  const { node, service, further } = sandbox;
  const { evm } = further!;
  const file = join(sandbox.folder, 'deed.txt');
  await writeFile(file, 'deed');
  const lodged = await sealroot(['submit', file, '--wait', '--out', sandbox.folder], {
    url: service.url,
    apiKey: service.apiKey,
  });
  expect([lodged.exitCode, lodged.stderr]).toEqual([0, expect.any(String)]);
  /** What the chains say of the proof that the service hands out now: a status for each attestation by a block. */
  const verify = async () => {
    const proof = `${file}.now.json`;
    // The command would keep what an earlier one showed.
    await rm(proof, { force: true });
    expect((await sealroot(['proof', file, '--out', proof], { url: service.url })).exitCode).toBe(0);
    const sources = ['--bitcoin-rpc', node.rpcUrl, '--evm-rpc', evm.rpcUrl];
    const { stdout } = await sealroot(['verify', file, '--proof', proof, ...sources, '--json']);
    const { findings } = JSON.parse(stdout) as { findings: SaidFinding[] };
    return findings
      .filter(({ check, kind, outcome }) => check === 'anchor' && kind !== 'rfc3161' && outcome !== 'pending')
      .map(({ kind, outcome, finality, hash }) => `${kind} ${outcome} ${finality ?? ''} ${hash ?? ''}`);
  };
  const mine = async () => {
    await node.mine(1);
    await evm.mine(1);
  };
  await until('final', mine);
  const before = await verify();
  expect(before).toEqual([
    expect.stringMatching(/^bitcoin passed final /),
    expect.stringMatching(/^evm passed final /),
  ]);

  // The blocks that hold the transactions are replaced by others, without them.
  const bitcoinHeight = await node.height();
  await node.invalidateFrom(bitcoinHeight - Math.max(DEPTH, 8) + 1);
  // The transaction is back in the memory pool, and the next block that takes what waits would hold it.
  await node.mineEmpty(9);
  await evm.reorg(Math.min(await evm.height(), 12));
  // As soon as the service has looked again, nothing claims a block that is gone.
  const hashes = before.map((line) => line.split(' ').at(-1)!);
  const claimsOld = (lines: string[]) => lines.some((line) => hashes.some((hash) => line.includes(hash)));
  let lines = await verify();
  for (let i = 0; i < 180 && claimsOld(lines); i++) {
    await sleep(500);
    lines = await verify();
  }
  // A node that mines at once may have the transaction in another block already.
  for (const line of lines) expect(line).toMatch(/^\w+ passed confirmed /);
  expect((await states())['bitcoin']).toBe('pending');

  await until('final', mine);
  await sleep(1500);
  const after = await verify();
  expect(after).toEqual([expect.stringMatching(/^bitcoin passed final /), expect.stringMatching(/^evm passed final /)]);
  expect(claimsOld(after)).toBe(false);
});
