import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { ImportsService } from '../imports/imports.service.js';
import { ImportClient } from './import-client.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { expectReceipt } from './public-receipt.js';
import { startService, type TestService } from './service.js';

let service: TestService;
let client: ImportClient;
beforeAll(async () => {
  service = await startService();
  await service.app.listen(0, '127.0.0.1');
  client = new ImportClient((await service.app.getUrl()).replace('localhost', '127.0.0.1'), service.key);
});
afterAll(() => service.stop());

const record = (document: string, more: object = {}) =>
  JSON.stringify({ digests: { sha256: sha256Hex(document) }, profile: 'generic@1', ...more });
const records = (name: string, count: number) => Array.from({ length: count }, (_, i) => record(`${name} ${i}`));
const recordsOf = async (name: string, count: number): Promise<number> => {
  const digests = Array.from({ length: count }, (_, i) => Buffer.from(sha256Hex(`${name} ${i}`), 'hex'));
  const text = 'SELECT count(*)::int AS "count" FROM "record" WHERE "digest" = ANY($1::bytea[])';
  return (await service.database.pool.query<{ count: number }>(text, [digests])).rows[0]!.count;
};
const codes = (response: Response) => response.json().then((problem) => (problem as { code: string }).code);

describe('an import', () => {
  it('takes lines in groups, answers each in order, and has a receipt for each group', async () => {
    const path = await client.open();
    const answers = await client.send(path, 0, records('grouped', 2500));
    expect(answers.map(({ line }) => line)).toEqual(Array.from({ length: 2500 }, (_, i) => i));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const status = await client.status(path);
    expect(status).toMatchObject({ committed: 2500, failed: 0 });
    expect(status.groups.reduce((sum, { count }) => sum + count, 0)).toBe(2500);
    let before = Buffer.alloc(0);
    for (const { count, first, includeBy, linesHash, receipt } of status.groups) {
      const leaves = answers.slice(first, first + count).map(({ leafHash }) => leafHash!);
      await expectReceipt(service.app, { receipt, includeBy }, leaves);
      const lines = records('grouped', 2500).slice(first, first + count);
      const hash = createHash('sha256').update(before);
      for (const line of lines) hash.update(createHash('sha256').update(line).digest());
      before = hash.digest();
      expect(linesHash).toBe(before.toString('hex'));
    }
    expect(status.linesHash).toBe(before.toString('hex'));
    await service.seal();
    expect((await verifyFromPublicData(service.app, answers[1234]!.id!, 'grouped 1234')).verdict).toBe('pending');
  });

  it('takes a line once however often it is sent, and answers it again', async () => {
    const path = await client.open();
    const lines = records('again', 1500);
    lines[700] = '{"digests":';
    const first = await client.send(path, 0, lines.slice(0, 1200));
    for (const offset of [0, 650, 1199]) {
      const again = await client.send(path, offset, lines.slice(offset, 1300));
      const old = again.slice(0, 1200 - offset);
      expect(old.map((answer) => ({ ...answer, repeated: undefined }))).toEqual(first.slice(offset));
      for (const answer of old) expect(answer.repeated).toBe(answer.line === 700 ? undefined : true);
      expect(again).toHaveLength(1300 - offset);
    }
    await client.send(path, 1300, lines.slice(1300));
    expect(await client.status(path)).toMatchObject({ committed: 1500, failed: 1 });
    expect(await recordsOf('again', 1500)).toBe(1499);
  });

  it('stops at a line that is another one than was taken, and takes nothing from there on', async () => {
    const path = await client.open();
    const lines = records('changed', 30);
    lines[7] = 'no JSON';
    await client.send(path, 0, lines.slice(0, 20));
    for (const line of [0, 7, 19]) {
      const changed = lines.with(line, record('another'));
      const answers = await client.send(path, 0, changed);
      expect(answers).toHaveLength(line + 1);
      expect(answers.at(-1)).toMatchObject({
        outcome: 'stopped',
        line,
        problem: { code: 'line-differs', status: 422 },
      });
    }
    expect(await client.status(path)).toMatchObject({ committed: 20, failed: 1 });
    // Whoever was stopped can go on at once.
    expect(await client.send(path, 0, lines)).toHaveLength(30);
    expect(await client.status(path)).toMatchObject({ committed: 30, failed: 1 });
  });

  it('answers each bad line with its problem, counts it, and loses none of the others', async () => {
    const path = await client.open();
    const bad: Record<string, string> = {
      'no JSON': 'malformed-json',
      '': 'malformed-json',
      '{"a":1,"a":2}': 'repeated-member',
      [`${'['.repeat(40)}${']'.repeat(40)}`]: 'body-too-complex',
      [`"${'x'.repeat(20_000)}"`]: 'body-too-large',
      '[]': 'invalid-record',
      [record('x', { profile: 'licence@1' })]: 'invalid-record',
      [record('x', { supersedes: '019cae01-0e7b-7a35-8d21-6f0c1b2a3948' })]: 'record-not-found',
      [record('held', { reference: 'taken' })]: 'accepted',
      [record('other', { reference: 'taken' })]: 'reference-conflict',
    };
    const lines = Object.keys(bad).flatMap((line, i) => [line, record(`good ${i}`)]);
    const expected = Object.values(bad).flatMap((code) => [code, 'accepted']);
    const told = (answers: Awaited<ReturnType<ImportClient['send']>>) =>
      answers.map(({ outcome, problem }) => problem?.code ?? outcome);
    const answers = await client.send(path, 0, lines);
    expect(told(answers)).toEqual(expected);
    expect(told(await client.send(path, 0, lines))).toEqual(expected);
    expect(await client.status(path)).toMatchObject({ committed: 20, failed: 9 });
    expect(await recordsOf('good', 10)).toBe(10);
    // What is not UTF-8 is never taken for what it is not.
    const latin1 = Buffer.concat([Buffer.from('{"profile":"gen\xe9ric@1"}\n', 'latin1')]);
    const answer = await client.request(`${path}/lines?offset=20`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: latin1,
    });
    expect(await answer.json()).toMatchObject({ problem: { code: 'malformed-json' } });
  });

  it('gives a repeated reference its first record, within a group and across', async () => {
    const path = await client.open();
    const line = record('referenced', { reference: 'import 1' });
    const [first, second] = await client.send(path, 0, [line, line]);
    const [third] = await client.send(path, 2, [line]);
    expect(second).toMatchObject({ id: first!.id, repeated: true });
    expect(third).toMatchObject({ id: first!.id, repeated: true });
    expect(await recordsOf('referenced', 0)).toBe(0);
    expect((await client.status(path)).groups.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('is refused beyond the committed count, to a second writer, and to others than who opened it', async () => {
    const path = await client.open();
    await client.send(path, 0, records('three', 3));
    const beyond = await client.post(path, 4, '');
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe('lines */3');
    expect(await codes(beyond)).toBe('offset-beyond');

    let more: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (more = controller) });
    const open = client.request(`${path}/lines?offset=3`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
      duplex: 'half',
    } as RequestInit);
    more!.enqueue(Buffer.from(`${record('slow')}\n`));
    // The first answer shows that the other request is the writer.
    const writing = await open;
    const second = await client.post(path, 3, `${record('quick')}\n`);
    expect(second.status).toBe(409);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await codes(second)).toBe('import-busy');
    more!.enqueue(Buffer.from(record('without a newline at the end')));
    more!.close();
    expect((await writing.text()).trimEnd().split('\n')).toHaveLength(2);
    expect(await client.status(path)).toMatchObject({ committed: 5 });

    const agencies = service.app.get(AgencyRepository, { strict: false });
    const stranger = (await agencies.create('stranger.example.gov', 'Stranger'))!;
    const other = new ImportClient(client.url, (await agencies.createKey(stranger.id, 'test')).key);
    expect((await other.request(path)).status).toBe(404);
    expect(await codes(await other.post(path, 5, `${record('theirs')}\n`))).toBe('import-not-found');
    expect((await client.post(path, 5, '[]', 'application/json')).status).toBe(415);
    expect((await client.post(path, '1.5', '')).status).toBe(400);
    const elsewhere = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: record('x') };
    expect((await client.request('/v1/records', elsewhere)).status).toBe(415);
  });

  it('pages through its groups', async () => {
    const path = await client.open();
    await client.send(path, 0, records('paged', 3000));
    const whole = await client.status(path);
    const seen: number[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = await client.status(path, `?after=${after}&limit=2`);
      seen.push(...page.groups.map(({ first }) => first));
      after = page.next;
    }
    expect(seen).toEqual(whole.groups.map(({ first }) => first));
    expect(seen.length).toBeGreaterThan(2);
  });

  it('takes records that supersede others, once, with their events, and waits for what is not in the log yet', async () => {
    const path = await client.open();
    const olds = (await client.send(path, 0, records('first versions', 1500))).map(({ id }) => id!);
    const sealing = setInterval(() => void service.seal(), 200);
    const lines = olds.map((supersedes, i) =>
      record(`second version ${i}`, { supersedes, ...(i % 3 === 0 ? { reference: `second ${i}` } : {}) }),
    );
    lines.push(lines[0]!, record('third version', { supersedes: olds[1] }));
    try {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      for (let cuts = 0; cuts < 10; cuts += 1) {
        const { committed } = await client.status(path);
        const sent = bytes.subarray(lines.slice(0, committed - 1500).join('\n').length + (committed > 1500 ? 1 : 0));
        if (sent.length > 0) await client.sendCut(path, committed, sent, Math.floor(Math.random() * sent.length));
      }
      await client.finish(path, [...records('first versions', 1500), ...lines]);
    } finally {
      clearInterval(sealing);
    }
    const answers = await client.send(path, 1500, lines);
    const [repeated, late] = answers.slice(1500);
    expect(answers.slice(0, 1500).filter(({ superseded }) => superseded !== undefined)).toHaveLength(1500);
    expect(repeated).toMatchObject({ id: answers[0]!.id, repeated: true, superseded: answers[0]!.superseded });
    expect(late).toMatchObject({ outcome: 'rejected', problem: { code: 'status-conflict' } });
    const { groups } = await client.status(path, '?after=1500');
    for (const { count, first, includeBy, receipt } of groups) {
      const here = answers.slice(first - 1500, first - 1500 + count).filter(({ id }) => id !== undefined);
      const leaves = here.flatMap(({ leafHash, superseded }) => [
        leafHash!,
        ...(superseded ? [superseded.leafHash] : []),
      ]);
      // A group of refused lines alone promises nothing.
      if (leaves.length === 0) expect(receipt).toBeUndefined();
      else await expectReceipt(service.app, { receipt, includeBy }, leaves);
    }
    const { rows } = await service.database.pool.query<{ n: number }>(
      'SELECT count(*)::int AS "n" FROM "status_event"',
    );
    expect(rows[0]!.n).toBe(1500);
  });

  it('is forgotten some days after its last lines, and not its records', async () => {
    const [old, fresh, written] = [await client.open(), await client.open(), await client.open()];
    await client.send(old, 0, records('kept for good', 1200));
    const { keptUntil } = (await (await client.request(old)).json()) as { keptUntil: string };
    expect(Math.round((Date.parse(keptUntil) - Date.now()) / 86_400_000)).toBe(30);
    const age = (path: string, more = '') =>
      service.database.pool.query(
        `UPDATE "import" SET "last_at" = now() - interval '30 days 1 second' ${more} WHERE "id" = $1`,
        [path.split('/').at(-1)],
      );
    await age(old);
    await age(written, `, "writer" = gen_random_uuid(), "writer_until" = now() + interval '1 minute'`);
    await service.app.get(ImportsService, { strict: false }).purge();
    expect((await client.request(old)).status).toBe(404);
    expect(await codes(await client.post(old, 1200, `${record('late')}\n`))).toBe('import-not-found');
    for (const path of [fresh, written]) expect((await client.request(path)).status).toBe(200);
    expect(await recordsOf('kept for good', 1200)).toBe(1200);
    // Whoever goes on with an import keeps it.
    await age(fresh);
    await client.send(fresh, 0, records('going on', 1));
    await service.app.get(ImportsService, { strict: false }).purge();
    expect(await client.status(fresh)).toMatchObject({ committed: 1 });
  });

  it('loses nothing and takes nothing twice when its connection is cut anywhere', async () => {
    const path = await client.open();
    const count = 60_000;
    const lines = records('cut', count);
    let cuts = 0;
    for (let committed = 0; committed < count;) {
      const body = Buffer.from(
        lines
          .slice(committed)
          .map((line) => `${line}\n`)
          .join(''),
      );
      if (cuts < 60)
        await client.sendCut(path, committed, body, Math.floor(Math.random() * Math.min(body.length, 250_000)));
      else await client.finish(path, lines);
      cuts += 1;
      ({ committed } = await client.status(path));
    }
    const status = await client.status(path);
    expect(status).toMatchObject({ committed: count, failed: 0 });
    expect(await recordsOf('cut', count)).toBe(count);
    const places = status.groups.map(({ first, count: here }) => [first, here]);
    let next = 0;
    for (const [first, here] of places) {
      expect(first).toBe(next);
      next += here!;
    }
    expect(next).toBe(count);
  });
});
