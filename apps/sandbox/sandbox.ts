import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBitcoinNode, type BitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { createFundedWallet } from '#anchors/bitcoin/testing/bitcoin-wallet.js';
import { startCalendar, type Calendar } from '#anchors/opentimestamps/testing/calendar.js';
import { startEvmNode, type EvmNode } from '#anchors/evm/testing/evm-node.js';
import { startService, type ServiceProcess } from './service-process.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '#anchors/rfc3161/testing/time-stamp-authority.js';

/** Calendars of a sandbox: one more than the quorum, so that one may fail. */
const CALENDARS = 3;
const QUORUM = 2;

/** Blocks from the newest to the final one on the EVM chain of a sandbox: half of anvil's epoch of two. */
const EVM_EPOCH_BLOCKS = 1;

/** Wallet that the service pays with: the calendars have the node's own. */
const WALLET = 'sealroot';

/** What the anchors beyond calendars need. */
export interface FurtherPlaces {
  evm: EvmNode;
  /** None where openssl is not installed. */
  authority: TimeStampAuthority | undefined;
}

/** A whole Sealroot with a Bitcoin chain and calendars of its own, on loopback, in a temporary folder. */
export interface Sandbox {
  node: BitcoinNode;
  calendars: Calendar[];
  service: ServiceProcess;
  /** The other places, where every anchor was asked for. */
  further: FurtherPlaces | undefined;
  /** Temporary folder: `data` is the service's; everything else is the caller's. */
  folder: string;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Anchor in every way there is, not only through calendars: also through the node itself, an EVM chain and a time-stamp authority. */
  everyAnchor?: boolean | undefined;
  /** Time between blocks, mined by themselves; without it only `node.mine` mines. */
  blockIntervalMs?: number | undefined;
  /** Time between commitments of each calendar; without it only `calendar.commit` commits. */
  commitIntervalMs?: number | undefined;
  /** Settings of the service beside, or instead of, the sandbox's own. */
  settings?: Record<string, string> | undefined;
  /** Told what has started, in order. */
  onStarted?: ((what: string) => void) | undefined;
}

/** Starts node, calendars and service. What had started is stopped again when a later part fails. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const told = options.onStarted ?? (() => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-sandbox-'));
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const node = await startBitcoinNode();
    undo.push(() => node.stop());
    told(`Bitcoin node (bcoin, regtest), ${await node.height()} blocks`);

    const calendars: Calendar[] = [];
    for (let i = 0; i < CALENDARS; i++) {
      const calendar = await startCalendar({ node, commitIntervalMs: options.commitIntervalMs });
      undo.push(() => calendar.stop());
      calendars.push(calendar);
    }
    told(`${CALENDARS} OpenTimestamps calendars, ${QUORUM} of which must answer`);

    let further: FurtherPlaces | undefined;
    if (options.everyAnchor === true) {
      await createFundedWallet(node, WALLET);
      const blockTimeSeconds =
        options.blockIntervalMs === undefined ? undefined : Math.max(1, Math.round(options.blockIntervalMs / 4000));
      const evm = await startEvmNode({ blockTimeSeconds, slotsInAnEpoch: EVM_EPOCH_BLOCKS });
      undo.push(() => evm.stop());
      told(`EVM node (anvil, chain ${evm.chainId})`);
      const authority = (await hasOpenssl(false)) ? await startTimeStampAuthority() : undefined;
      undo.push(async () => authority?.stop());
      told(authority ? 'time-stamp authority (openssl ts)' : 'no time-stamp authority: openssl is not installed');
      further = { evm, authority };
    }

    if (options.blockIntervalMs !== undefined) {
      const miner = setInterval(() => {
        node.mine(1).catch((error: unknown) => console.error(`The sandbox could not mine: ${String(error)}`));
      }, options.blockIntervalMs);
      undo.push(() => Promise.resolve(clearInterval(miner)));
    }

    const service = await startService(join(folder, 'data'), {
      ...anchorSettings(node, calendars),
      ...(further === undefined ? {} : await everyAnchorSettings(further)),
      ...options.settings,
    });
    undo.push(() => service.stop());
    told(`Sealroot with its embedded PostgreSQL at ${service.url}`);
    return { node, calendars, service, further, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The service's settings that make it anchor to these calendars and check against this node, within seconds instead of hours. */
export function anchorSettings(node: BitcoinNode, calendars: readonly Calendar[]): Record<string, string> {
  return {
    ANCHORS: 'opentimestamps',
    ANCHOR_INTERVAL_SECONDS: '1',
    OTS_CALENDARS: calendars.map(({ url }) => url).join(','),
    OTS_CALENDAR_ALLOW: '',
    OTS_QUORUM: String(Math.min(QUORUM, calendars.length)),
    OTS_POLL_SECONDS: '1',
    BITCOIN_RPC_URL: node.rpcUrl,
    ESPLORA_URLS: '',
  };
}

/** The settings, beside {@link anchorSettings}, that make the service anchor in every way there is. */
async function everyAnchorSettings({ evm, authority }: FurtherPlaces): Promise<Record<string, string>> {
  const chain = {
    name: 'anvil',
    rpcUrls: [evm.rpcUrl],
    chainId: evm.chainId,
    genesis: (await evm.block('earliest'))?.hash,
    finality: 'finalized',
    pollSeconds: 1,
  };
  return {
    ANCHORS: `opentimestamps,bitcoin,evm${authority === undefined ? '' : ',rfc3161'}`,
    BITCOIN_NETWORK: 'regtest',
    BITCOIN_WALLET: WALLET,
    BITCOIN_POLL_SECONDS: '1',
    EVM_CHAINS: JSON.stringify([chain]),
    EVM_PRIVATE_KEY: evm.accounts[0]!.privateKey,
    ...(authority === undefined ? {} : { TSA_URLS: authority.url, TSA_ROOTS_FILE: authority.root.certificateFile }),
  };
}
