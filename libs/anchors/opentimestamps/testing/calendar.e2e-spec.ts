import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBitcoinNode, type BitcoinNode } from '../../bitcoin/testing/bitcoin-node.js';
import { HUGE_BYTES, type CalendarFault } from './calendar-fault.js';
import { pendingAttestation } from './calendar-path.js';
import { startCalendar, type Calendar } from './calendar.js';
import { hasPythonOpenTimestamps, verifyWithReference } from './python-opentimestamps.js';

const MAGIC = Buffer.from('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294', 'hex');
const withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);

describe('a calendar of our own', () => {
  let node: BitcoinNode;
  let calendar: Calendar;
  let folder: string;
  beforeAll(async () => {
    node = await startBitcoinNode();
    calendar = await startCalendar({ node });
    folder = await mkdtemp(join(tmpdir(), 'sealroot-calendar-'));
  });
  afterAll(async () => {
    await calendar?.stop();
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const post = async (digest: Uint8Array) => {
    const response = await fetch(`${calendar.url}/digest`, { method: 'POST', body: Buffer.from(digest) });
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    const pending = Buffer.from(pendingAttestation(calendar.url));
    expect(bytes.subarray(-pending.length)).toEqual(pending);
    return bytes.subarray(0, bytes.length - pending.length);
  };
  /** Follows the calendar's operations with code of this test's own. */
  const commitmentOf = (digest: Uint8Array, path: Buffer) => {
    let at = Buffer.from(digest);
    for (let i = 0; i < path.length;) {
      const op = path[i++];
      if (op === 0x08) {
        at = createHash('sha256').update(at).digest();
        continue;
      }
      const length = path[i++] ?? 0;
      const argument = path.subarray(i, (i += length));
      at = op === 0xf0 ? Buffer.concat([at, argument]) : Buffer.concat([argument, at]);
    }
    return at.toString('hex');
  };
  const upgrade = (commitment: string) => fetch(`${calendar.url}/timestamp/${commitment}`);

  it('takes digests to a Bitcoin attestation that the reference library accepts', async () => {
    const documents = Array.from({ length: 5 }, (_, i) => Buffer.from(`document ${i}`));
    const digests = documents.map((document) => createHash('sha256').update(document).digest());
    const paths = await Promise.all(digests.map(post));
    const commitments = digests.map((digest, i) => commitmentOf(digest, paths[i] ?? Buffer.alloc(0)));
    expect(new Set(commitments).size).toBe(1);
    const [commitment = ''] = commitments;
    expect(commitment.length).toBe(88);

    const early = await upgrade(commitment);
    expect([early.status, await early.text()]).toEqual([404, 'Pending confirmation in Bitcoin blockchain']);
    const transactionId = await calendar.commit();
    const waiting = await upgrade(commitment);
    expect([waiting.status, await waiting.text()]).toEqual([
      404,
      `Timestamped by transaction ${transactionId}; waiting for 1 confirmations`,
    ]);
    await node.mine(1);

    const done = Buffer.from(await (await upgrade(commitment)).arrayBuffer());
    const pairs = await Promise.all(
      documents.map(async (content, i) => {
        const document = join(folder, `${i}`);
        await writeFile(document, content);
        const head = [MAGIC, Buffer.from([1, 8]), digests[i] ?? Buffer.alloc(0), paths[i] ?? Buffer.alloc(0)];
        await writeFile(`${document}.ots`, Buffer.concat([...head, done]));
        return { document, proof: `${document}.ots` };
      }),
    );
    if (!withReference) return;
    const results = await verifyWithReference(node.rpcUrl, pairs);
    expect(results.map(({ ok, error }) => error ?? ok)).toEqual(documents.map(() => true));
    const swapped = await verifyWithReference(node.rpcUrl, [
      { document: join(folder, '0'), proof: join(folder, '1.ots') },
    ]);
    expect(swapped[0]).toMatchObject({ ok: false, error: expect.stringContaining('another document') as string });
  });

  it('gives another path after the block was taken out of the chain', async () => {
    const digest = createHash('sha256').update('reorganised').digest();
    const commitment = commitmentOf(digest, await post(digest));
    await calendar.commit();
    await node.mine(1);
    const height = await node.height();
    expect((await upgrade(commitment)).status).toBe(200);
    await node.invalidateFrom(height);
    const gone = await upgrade(commitment);
    expect([gone.status, (await gone.text()).startsWith('Timestamped by transaction')]).toEqual([404, true]);
    await node.mine(2);
    expect((await upgrade(commitment)).status).toBe(200);
  });

  it('answers an unknown commitment with 404 and a digest over 64 bytes with 400', async () => {
    const unknown = await upgrade('00'.repeat(44));
    expect([unknown.status, await unknown.text()]).toEqual([404, 'Not found']);
    const long = await fetch(`${calendar.url}/digest`, { method: 'POST', body: Buffer.alloc(65) });
    expect([long.status, await long.text()]).toEqual([400, 'digest too long']);
  });

  it.each<[CalendarFault, (answer: Promise<Response>) => Promise<void>]>([
    ['down', (answer) => expect(answer).rejects.toThrow()],
    ['hang', (answer) => expect(answer).rejects.toThrow(/timeout/i)],
    ['stall', async (answer) => expect((await answer).arrayBuffer()).rejects.toThrow(/timeout/i)],
    ['half', async (answer) => expect((await answer).arrayBuffer()).rejects.toThrow()],
    ['slow', (answer) => expect(answer).rejects.toThrow(/timeout/i)],
    ['error', async (answer) => expect((await answer).status).toBe(500)],
    ['redirect', async (answer) => expect((await answer).status).toBe(302)],
    ['huge', async (answer) => expect((await (await answer).arrayBuffer()).byteLength).toBe(HUGE_BYTES)],
  ])('misbehaves on demand: %s', async (fault, expectation) => {
    calendar.fault.submit = fault;
    const body = Buffer.alloc(32);
    const signal = AbortSignal.timeout(300);
    await expectation(fetch(`${calendar.url}/digest`, { method: 'POST', body, signal, redirect: 'manual' }));
    calendar.fault.submit = 'none';
  });
});
