import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../anchor.js';
import { createBitcoinSources } from '../sources.js';
import { createOpenTimestampsAnchor } from './opentimestamps.js';
import { parseTimestamp, serializeDetachedFile } from '#ots/codec.js';
import { startBitcoinNode, type BitcoinNode } from '../bitcoin/testing/bitcoin-node.js';
import type { CalendarFault } from './testing/calendar-fault.js';
import { startCalendar, type Calendar } from './testing/calendar.js';
import { hasPythonOpenTimestamps, verifyWithReference } from './testing/python-opentimestamps.js';
import { checkpointOf } from '../testing/checkpoint.js';

const TIMEOUT_MS = 1_000;
const withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);
const newRoot = () => createHash('sha256').update(randomBytes(32)).digest();

describe('the OpenTimestamps anchor with real calendars on a real chain', () => {
  let node: BitcoinNode;
  let calendars: Calendar[];
  let folder: string;
  beforeAll(async () => {
    node = await startBitcoinNode();
    calendars = await Promise.all([1, 2, 3].map(() => startCalendar({ node })));
    folder = await mkdtemp(join(tmpdir(), 'sealroot-anchor-'));
  });
  afterAll(async () => {
    await Promise.all((calendars ?? []).map((calendar) => calendar.stop()));
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const newAnchor = (rpcUrl: string | undefined = node.rpcUrl) =>
    createOpenTimestampsAnchor({
      calendars: calendars.map(({ url }) => url),
      allow: [],
      quorum: 2,
      timeoutMs: TIMEOUT_MS,
      pollSeconds: 1,
      blockSources: createBitcoinSources({ bitcoinRpcUrl: rpcUrl, esploraUrls: [], headerTimeoutMs: 2_000 }),
      fetch,
      now: () => new Date(),
      randomBytes: (length) => randomBytes(length),
    });
  /** Every step starts from what a database would hold, in a new process as it were. */
  const again = (submission: Submission): Submission => ({
    ...(JSON.parse(JSON.stringify(submission)) as Submission),
    attestation: submission.attestation && Uint8Array.from(submission.attestation),
  });
  const commitAll = () => Promise.all(calendars.map((calendar) => calendar.commit()));
  const setFault = (fault: CalendarFault) => {
    for (const calendar of calendars) calendar.fault = { submit: fault, upgrade: fault };
  };
  const asReferenceSees = async (root: Uint8Array, submission: Submission) => {
    const proof = join(folder, `${Buffer.from(root).toString('hex')}.ots`);
    const timestamp = parseTimestamp(submission.attestation ?? new Uint8Array(), root, { canonical: true });
    await writeFile(proof, serializeDetachedFile({ hash: 'sha256', digest: root, timestamp }));
    const document = `sha256:${Buffer.from(root).toString('hex')}`;
    return (await verifyWithReference(node.rpcUrl, [{ document, proof }], submission.state === 'pending'))[0];
  };

  it('goes from a root to a final Bitcoin attestation that the reference library accepts at every stage', async () => {
    const root = newRoot();
    const pending = again(await newAnchor().submit(checkpointOf(root), null));
    expect(pending.detail).toMatch(/^submitted to 3 of 3 calendars, waiting for Bitcoin since .*Z$/);
    if (withReference) expect(await asReferenceSees(root, pending)).toMatchObject({ ok: true });

    expect((await newAnchor().confirm(pending)).state).toBe('pending');
    await commitAll();
    expect((await newAnchor().confirm(pending)).state).toBe('pending');
    await node.mine(1);
    const height = await node.height();
    const confirmed = again(await newAnchor().confirm(pending));
    expect(confirmed.state).toBe('confirmed');
    expect(confirmed.detail).toContain(`confirmed in Bitcoin block ${height}, so no later than `);
    if (withReference) expect(await asReferenceSees(root, confirmed)).toMatchObject({ ok: true, height });
    await node.mine(5);
    expect((await newAnchor().confirm(confirmed)).state).toBe('final');
  });

  it('notices a reorganisation and follows the transaction into its new block', async () => {
    const root = newRoot();
    const pending = again(await newAnchor().submit(checkpointOf(root), null));
    await commitAll();
    await node.mine(1);
    const height = await node.height();
    const confirmed = again(await newAnchor().confirm(pending));
    expect(confirmed.state).toBe('confirmed');
    await node.invalidateFrom(height);
    const back = again(await newAnchor().confirm(confirmed));
    expect(back.state).toBe('pending');
    // The calendars send their transactions again, in their own time; a block in another branch holds them.
    const repaired = await vi.waitFor(
      async () => {
        await node.mine(1);
        const found = await newAnchor().confirm(back);
        expect(found.state).toBe('confirmed');
        return found;
      },
      { timeout: 90_000, interval: 200 },
    );
    if (withReference) expect(await asReferenceSees(root, repaired)).toMatchObject({ ok: true });
  });

  it.each<CalendarFault>([
    'down',
    'hang',
    'stall',
    'slow',
    'error',
    'garbage',
    'trailing',
    'huge',
    'redirect',
    'half',
    'foreign',
  ])(
    'loses nothing and claims nothing while every calendar is at fault (%s), and goes on afterwards',
    async (fault) => {
      const root = newRoot();
      setFault(fault);
      const failed = again(await newAnchor().submit(checkpointOf(root), null));
      expect(failed).toMatchObject({ state: 'unsubmitted', attestation: null });
      expect(failed.detail).toMatch(/^no calendar (reachable|gave a usable answer), next try at .*Z$/);
      setFault('none');
      const pending = again(await newAnchor().submit(checkpointOf(root), failed));
      expect(pending.state).toBe('pending');

      await commitAll();
      await node.mine(1);
      setFault(fault === 'foreign' ? 'garbage' : fault);
      const still = again(await newAnchor().confirm(pending));
      expect([still.state, still.attestation]).toEqual(['pending', pending.attestation]);
      expect(still.detail).toContain('no calendar gave a usable answer when last asked for the upgrade');
      setFault('none');
      expect((await newAnchor().confirm(still)).state).toBe('confirmed');
    },
  );

  it.each<CalendarFault>(['wrong-height', 'wrong-root'])(
    'never confirms a lie (%s) and keeps asking',
    async (fault) => {
      const root = newRoot();
      setFault(fault);
      expect((await newAnchor().submit(checkpointOf(root), null)).state).toBe('unsubmitted');
      setFault('none');
      const pending = again(await newAnchor().submit(checkpointOf(root), null));
      await commitAll();
      await node.mine(1);
      setFault(fault);
      const lied = again(await newAnchor().confirm(pending));
      expect([lied.state, lied.attestation]).toEqual(['pending', pending.attestation]);
      expect(lied.detail).toMatch(/wrong attestation: block \d+ has another Merkle root$/);
      setFault('none');
      expect((await newAnchor().confirm(lied)).state).toBe('confirmed');
    },
  );

  it('takes no calendar’s word for a block while the node is away', async () => {
    const root = newRoot();
    const pending = again(await newAnchor().submit(checkpointOf(root), null));
    await commitAll();
    await node.mine(1);
    const unchecked = again(await newAnchor('http://127.0.0.1:9').confirm(pending));
    expect(unchecked.state).toBe('pending');
    expect(unchecked.detail).toMatch(/attested by calendar in block \d+, not checked: no header source reachable$/);
    expect((await newAnchor().confirm(unchecked)).state).toBe('confirmed');
  });
});
