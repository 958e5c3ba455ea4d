import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBitcoinNode, type BitcoinNode } from './bitcoin-node.js';
import { startCalendar, type Calendar } from './calendar.js';
import { startService, type ServiceProcess } from './service-process.js';

/** Calendars of a sandbox: one more than the quorum, so that one may fail. */
const CALENDARS = 3;
const QUORUM = 2;

/** A whole Sealroot with a Bitcoin chain and calendars of its own, on loopback, in a temporary folder. */
export interface Sandbox {
  node: BitcoinNode;
  calendars: Calendar[];
  service: ServiceProcess;
  /** Temporary folder: `data` is the service's; everything else is the caller's. */
  folder: string;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

/** How a sandbox is started. */
export interface SandboxOptions {
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

    if (options.blockIntervalMs !== undefined) {
      const miner = setInterval(() => {
        node.mine(1).catch((error: unknown) => console.error(`The sandbox could not mine: ${String(error)}`));
      }, options.blockIntervalMs);
      undo.push(() => Promise.resolve(clearInterval(miner)));
    }

    const service = await startService(join(folder, 'data'), {
      ...anchorSettings(node, calendars),
      ...options.settings,
    });
    undo.push(() => service.stop());
    told(`Sealroot with its embedded PostgreSQL at ${service.url}`);
    return { node, calendars, service, folder, stop };
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
