import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../../api/test/service.js';
import { compileCommand, type CommandOptions, type CommandResult, sealroot, unreachableUrl } from './command.js';
import { type Interference, startProxy } from './interfering-proxy.js';

type Line = Record<string, unknown>;

let service: TestService;
let url: string;
let folder: string;
let logKey: string;
/** Ids in the order of their ordinals. */
let ids: string[];

beforeAll(async () => {
  compileCommand();
  service = await startService();
  await service.app.listen(0, '127.0.0.1');
  url = (await service.app.getUrl()).replace('[::1]', '127.0.0.1');
  folder = await mkdtemp(join(tmpdir(), 'sealroot-key-'));
  logKey = (await sealroot(['log-key'], { cwd: folder, env: { SEALROOT_URL: url } })).stdout.trim();
  // One batch of several tiles and more than a page; then changes on both sides of the page's end, alone and as a range; then small batches.
  ids = [...(await lodge(1000, 'a')), ...(await lodge(300, 'b'))];
  await service.seal();
  await change('/v1/status', { to: 'revoked', range: { first: 1000, count: 100 } });
  await change(`/v1/records/${ids[1299]}/status`, { to: 'suspended' });
  await service.seal();
  await change(`/v1/records/${ids[1299]}/status`, { to: 'active' });
  await lodge(3, 'c');
  await service.seal();
  for (let i = 0; i < 5; i++) {
    await lodge(1, `d${i}`);
    await service.seal();
  }
});

afterAll(() => service.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-audit-'));
  return () => rm(folder, { recursive: true, force: true });
});

async function post(path: string, payload: unknown): Promise<Line> {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' };
  const answer = await service.app.inject({ method: 'POST', url: path, headers, payload: JSON.stringify(payload) });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json<Line>();
}

async function lodge(count: number, name: string): Promise<string[]> {
  const digest = (i: number) => createHash('sha256').update(`${name} ${i}`).digest('hex');
  const records = Array.from({ length: count }, (_, i) => ({
    digests: { sha256: digest(i) },
    profile: 'licence@1',
    blinded: true,
  }));
  return ((await post('/v1/records', records))['records'] as { id: string }[]).map(({ id }) => id);
}

const change = (path: string, body: unknown) => post(path, body);

function run(args: string[], more: Partial<CommandOptions> = {}): Promise<CommandResult> {
  const env = { SEALROOT_URL: url, SEALROOT_API_KEY: service.key, ...more.env };
  return sealroot(args, { cwd: folder, ...more, env });
}

/** Runs `audit` or `watch` against an address; its JSON lines, the last of which is the result. */
async function find(args: string[], more: Partial<CommandOptions> = {}) {
  const { exitCode, stderr, stdout } = await run([...args, '--json', '--log-key', logKey], more);
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return { exitCode, stderr, findings: lines.slice(0, -1), result: lines.at(-1) };
}

async function through<T>(interfere: Interference, work: (url: string, seen: string[]) => Promise<T>): Promise<T> {
  const proxy = await startProxy(url, interfere);
  try {
    return await work(proxy.url, proxy.seen);
  } finally {
    await proxy.close();
  }
}

async function entries(): Promise<number> {
  const { rows } = await service.database.pool.query<{ n: string }>('SELECT max("records") AS n FROM "checkpoint"');
  return Number(rows[0]!.n);
}

/** The text with another byte at a place, a character for each byte. */
const withOtherByte = (text: string, at: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

describe('sealroot audit', () => {
  it('replays a log, says what was checked and whether the signer was, and goes on from there', async () => {
    const { exitCode, findings, result } = await find(['audit']);
    expect(findings).toEqual([]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      type: 'result',
      outcome: 'passed',
      origin: 'test.example/log',
      batches: 8,
      entries: await entries(),
      signer: 'pinned',
    });

    const unchecked = await run(['audit', '--state', 'other', '--lang', 'zh-TW']);
    expect(unchecked.stdout).toMatch(/未發現日誌 test\.example\/log 的問題[\s\S]*未核對簽章者/);
    expect(unchecked.exitCode).toBe(5);
    expect((await run(['audit', '--state', 'other', '--any-signer'])).exitCode).toBe(0);

    await lodge(2, `e${Math.random()}`);
    await service.seal();
    await through(
      (answer) => answer,
      async (proxy, seen) => {
        expect((await find(['audit', proxy])).result).toMatchObject({ outcome: 'passed', entries: await entries() });
        expect(seen.filter((path) => path.includes('/entries/'))).toEqual([
          expect.stringContaining('/v1/log/tile/entries/'),
          'GET /v1/log/entries/1',
        ]);
      },
    );
  });

  it('names what is changed on its way, decides nothing where nothing comes, and is none the worse for it', async () => {
    const cases: [RegExp, (body: string) => string, object | null][] = [
      [/tile\/0/, (body) => withOtherByte(body, 40), { check: 'log-tiles' }],
      [/tile\/entries/, (body) => withOtherByte(body, body.length - 1), { check: 'log-entry' }],
      [/log\/entries\/0/, (body) => withOtherByte(body, 5000), { check: 'batch-root', batch: 0 }],
      [/log\/checkpoint/, (body) => body.replace(/\n(\d+)\n/, '\n1$1\n'), { check: 'signature', reason: 'wrong' }],
      [/log\/entries\/1/, (body) => body.slice(0, -1), null],
      [/log\/checkpoint/, () => '<html>Sign in</html>', null],
    ];
    for (const [path, alter, finding] of cases) {
      const { exitCode, findings, result } = await through(
        (answer) => (path.test(answer.path) ? { ...answer, body: alter(answer.body) } : answer),
        (proxy) => find(['audit', proxy]),
      );
      expect(findings, String(path)).toMatchObject(finding === null ? [] : [finding]);
      expect(exitCode, String(path)).toBe(finding === null ? 2 : 1);
      expect(result).toMatchObject({ outcome: finding === null ? 'undecided' : 'failed' });
    }
    for (const status of [500, 404]) {
      const failing: Interference = (answer) => (answer.path.includes('tile') ? { ...answer, status } : answer);
      expect((await through(failing, (proxy) => find(['audit', proxy]))).exitCode, `${status}`).toBe(2);
    }
    const silent = await find(['audit', await unreachableUrl(), '--state', 'new']);
    expect({ exitCode: silent.exitCode, findings: silent.findings }).toEqual({ exitCode: 2, findings: [] });
    expect(await find(['audit'])).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('goes on after a kill in the middle, from what the last run wrote', async () => {
    await find(['audit']);
    const before = await readFile(join(folder, 'sealroot-audit.state'));
    await lodge(1, `f${Math.random()}`);
    await service.seal();
    let kill = () => undefined as void;
    const killed = await through(
      (answer) => {
        if (answer.path.startsWith('/v1/log/entries/')) kill();
        return answer;
      },
      (proxy) => run(['audit', proxy], { onStart: (end) => (kill = end) }),
    );
    expect(killed.exitCode).toBeNull();
    expect(await readFile(join(folder, 'sealroot-audit.state'))).toEqual(before);
    const after = await find(['audit']);
    expect(after).toMatchObject({ exitCode: 0, findings: [], result: { entries: await entries() } });

    await writeFile(join(folder, 'sealroot-audit.state'), before.subarray(0, -3));
    expect((await run(['audit'])).exitCode).toBe(65);
    expect((await run(['audit', 'nowhere'])).exitCode).toBe(64);
  });

  it('names the smaller log of a service that has lost a part, with both notes', async () => {
    const note = (await service.app.inject('/v1/log/checkpoint')).body;
    await lodge(1, `g${Math.random()}`);
    await service.seal();
    await find(['audit']);
    const newest = (await service.app.inject('/v1/log/checkpoint')).body;
    const { exitCode, findings } = await through(
      (answer) =>
        answer.path === '/v1/log/checkpoint' ? { ...answer, body: Buffer.from(note).toString('latin1') } : answer,
      (proxy) => find(['audit', proxy]),
    );
    expect(findings).toMatchObject([{ check: 'rollback', before: { note: newest }, now: { note } }]);
    expect(exitCode).toBe(1);
    expect((await find(['audit'])).exitCode).toBe(0);
  });
});

describe('sealroot status and sealroot watch', () => {
  it('keep receipts, and alert on a change that was not sent from here, until it is known', async () => {
    await writeFile(join(folder, 'licence.txt'), `licence ${Math.random()}`);
    const submitted = await run(['submit', 'licence.txt', '--profile', 'licence@1', '--blind', '--log-key', logKey]);
    const id = submitted.stdout.slice(0, 36);
    await writeFile(join(folder, 'ordinals'), '1050\n');
    await writeFile(join(folder, 'sent'), '');
    const watch = ['watch', '--once', '--receipts', 'sealroot-receipts', '--sent', 'sent'];
    // Not sealed yet: there is nothing to say of it.
    expect(await find(watch)).toMatchObject({ exitCode: 0, findings: [] });

    const sealer = setTimeout(() => void service.seal(), 1500);
    const changed = await run(['status', id, '--to', 'suspended', '--reason', 'review', '--log-key', logKey]);
    clearTimeout(sealer);
    expect(changed.stderr).toBe('');
    expect(changed.stdout).toContain(`${id}  suspended  in the log by 20`);
    expect(changed.exitCode).toBe(0);
    await service.seal();
    expect(await find(watch)).toMatchObject({ exitCode: 0, findings: [], result: { entries: await entries() } });

    // Somebody has the agency's key.
    const { leafHash } = await change(`/v1/records/${id}/status`, { to: 'active' });
    await service.seal();
    const alert = await find(watch);
    expect(alert.findings).toMatchObject([{ check: 'unsent-event', record: id, state: 13, leafHash }]);
    expect(alert.exitCode).toBe(1);
    expect((await run([...watch, '--lang', 'zh-CN'])).stdout).toContain('并非由本方发出的变更：恢复有效');
    expect((await find([...watch, '--records', 'ordinals'])).findings).toMatchObject([
      { record: id },
      { check: 'unsent-event', record: '1050', state: 1 },
    ]);
    await writeFile(join(folder, 'sent'), `${String(leafHash)}\n`);
    expect(await find(watch)).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('know the change that a successor makes of the record whose place it takes', async () => {
    const submit = async (name: string, ...more: string[]) => {
      await writeFile(join(folder, name), `${name} ${Math.random()}`);
      const title = ['--profile', 'title@1', '--blind', '--claims', '{"parcel":"P-17"}'];
      const submitted = await run(['submit', name, ...title, ...more, '--log-key', logKey]);
      expect(submitted.stderr).not.toContain('failed');
      expect(submitted.exitCode, submitted.stderr).toBe(0);
      await service.seal();
      return submitted.stdout.slice(0, 36);
    };
    const old = await submit('first.txt');
    const id = await submit('second.txt', '--supersedes', old);
    const headers = { authorization: `Bearer ${service.key}` };
    const told = await service.app.inject({ url: `/v1/records/${old}`, headers });
    expect(told.json()).toMatchObject({ status: { status: 'superseded', successor: id } });
    expect(await find(['watch', '--once', '--receipts', 'sealroot-receipts'])).toMatchObject({ exitCode: 0 });
    await writeFile(join(folder, 'third.txt'), 'third');
    const two = await run(['submit', 'first.txt', 'third.txt', '--supersedes', id]);
    expect(two).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('--supersedes') as string });
  });

  it('go on until they are ended, through an outage, and tell each change once', async () => {
    const [id] = (await lodge(1, `watched ${Math.random()}`)) as [string];
    await service.seal();
    await writeFile(join(folder, 'records'), `${id}\n`);
    let isAway = false;
    const rounds: Line[] = [];
    const doing: Promise<unknown>[] = [];
    const steps: Record<number, () => void> = {
      1: () => doing.push(change(`/v1/records/${id}/status`, { to: 'suspended' }).then(() => service.seal())),
      3: () => (isAway = true),
      5: () => (isAway = false),
    };
    const { stdout } = await through(
      (answer) => (isAway ? { ...answer, status: 503, body: 'away' } : answer),
      (proxy) =>
        run(['watch', proxy, '--records', 'records', '--interval', '1', '--json', '--log-key', logKey], {
          onStdout: (text, kill) => {
            const said = text.split('\n').filter((line) => line.includes('"type":"result"'));
            while (rounds.length < said.length) {
              rounds.push(JSON.parse(said[rounds.length]!) as Line);
              steps[rounds.length]?.();
            }
            if (rounds.length >= 7) kill();
          },
        }),
    );
    await Promise.all(doing);
    expect(rounds[0]).toMatchObject({ outcome: 'passed' });
    // What was found is not forgotten because the service is away, nor is that it is.
    expect(rounds.filter(({ reason }) => reason !== undefined)).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'failed' },
    ]);
    expect(rounds[6]).toMatchObject({ outcome: 'failed', findings: 1 });
    const findings = stdout.split('\n').filter((line) => line.includes('"type":"finding"'));
    expect(findings.map((line) => JSON.parse(line) as Line)).toMatchObject([{ check: 'unsent-event', record: id }]);
  });

  it('refuse what is no record, and what the rules refuse', async () => {
    expect((await run(['status', 'nothing', '--to', 'revoked'])).exitCode).toBe(64);
    expect((await run(['status', ids[5]!, '--to', 'superseded'])).exitCode).toBe(64);
    const ended = await run(['status', ids[1050]!, '--to', 'active', '--json']);
    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ record: ids[1050], status: 'failed', code: 'refused' });
    expect((await run(['watch', '--once'])).exitCode).toBe(64);
  });
});

describe('a service that hides an event', () => {
  it('is found out by the status that it commits to all the same', async () => {
    const { rows } = await service.database.pool.query<{ batch: string }>(
      `DELETE FROM "status_event" e USING "chunk" c WHERE c."id" = e."chunk_id" AND e."count" = 100 RETURNING c."batch_number" AS "batch"`,
    );
    const { exitCode, findings } = await find(['audit']);
    expect(findings).toMatchObject([{ check: 'status-root', batch: Number(rows[0]!.batch) }]);
    expect(exitCode).toBe(1);
    // What is signed stays said, and is said once.
    expect((await find(['audit'])).findings).toEqual(findings);
  });
});
