import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseProof } from '#proof/proof.js';
import { AuditLogNotary } from '../../api/audit-log/audit-log-notary.js';
import { ADMIN, startService, type TestService } from '../../api/test/service.js';
import { compileCommand, type CommandOptions, type CommandResult, sealroot, unreachableUrl } from './command.js';
import { startProxy } from './interfering-proxy.js';

let service: TestService;
let url: string;
let folder: string;
let sealer: NodeJS.Timeout;
let logKey: string;

beforeAll(async () => {
  compileCommand();
  service = await startService();
  await service.app.listen(0, '127.0.0.1');
  url = (await service.app.getUrl()).replace('[::1]', '127.0.0.1');
  let sealing = false;
  sealer = setInterval(() => {
    if (sealing) return;
    sealing = true;
    void service.seal().finally(() => (sealing = false));
  }, 100);
  folder = await mkdtemp(join(tmpdir(), 'sealroot-key-'));
  logKey = (await run(['log-key'])).stdout.trim();
});

afterAll(async () => {
  clearInterval(sealer);
  await service.stop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-service-'));
  return () => rm(folder, { recursive: true, force: true });
});

function run(args: string[], more: Partial<CommandOptions> = {}): Promise<CommandResult> {
  const env = { SEALROOT_URL: url, SEALROOT_API_KEY: service.key, SEALROOT_ADMIN_TOKEN: ADMIN, ...more.env };
  return sealroot(args, { cwd: folder, ...more, env });
}

async function records(): Promise<number> {
  const { rows } = await service.database.pool.query<{ n: string }>('SELECT count(*) AS n FROM record');
  return Number(rows[0]!.n);
}

async function tree(): Promise<void> {
  await mkdir(join(folder, 'docs', 'sub'), { recursive: true });
  await writeFile(join(folder, 'docs', 'a.txt'), `a ${Math.random()}`);
  await writeFile(join(folder, 'docs', 'b.txt'), `b ${Math.random()}`);
  await writeFile(join(folder, 'docs', 'sub', 'c.txt'), `c ${Math.random()}`);
}

const read = (name: string) => readFile(join(folder, name), 'utf8');
/** Lines of `--json` output. */
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('sealroot submit', () => {
  it('notarises a folder and writes proofs that verify without the service', async () => {
    await tree();
    await writeFile(join(folder, 'outside.txt'), 'not to be submitted');
    await symlink(join(folder, 'outside.txt'), join(folder, 'docs', 'link.txt'));
    await symlink(folder, join(folder, 'docs', 'loop'));
    const before = await records();
    const { exitCode, stderr, stdout } = await run(['submit', 'docs', '--wait', '--json', '--log-key', logKey]);
    expect(stderr).toContain('passed over');
    expect(exitCode).toBe(0);
    expect(await records()).toBe(before + 3);
    expect(lines(stdout).filter(({ outcome }) => outcome === 'accepted')).toHaveLength(3);

    for (const file of ['docs/a.txt', 'docs/b.txt', 'docs/sub/c.txt']) {
      const checked = await sealroot(['verify', file, '--log-key', logKey], { cwd: folder });
      expect(checked.stdout).toMatch(/✓ Passed {2}The document is the registered one/);
      expect(checked.exitCode).toBe(4);
    }
    const [receipt] = await readdir(join(folder, 'sealroot-receipts'));
    expect(JSON.parse(await read(`sealroot-receipts/${receipt}`))).toMatchObject({
      format: 'sealroot/receipt@2',
      service: url,
    });
    expect(await read(`sealroot-receipts/${receipt}`)).not.toContain(service.key);
  });

  it('does nothing twice: a second run takes the receipts, a run elsewhere gets the same records', async () => {
    await tree();
    const first = lines((await run(['submit', 'docs', '--json'])).stdout);
    const before = await records();
    const proxy = await startProxy(url, (answer) => answer);
    try {
      // The receipts are those of this address, so the first run through the proxy posts, the second does not.
      await run(['submit', 'docs', '--json'], { env: { SEALROOT_URL: proxy.url } });
      const again = lines((await run(['submit', 'docs', '--json'], { env: { SEALROOT_URL: proxy.url } })).stdout);
      expect(proxy.seen.filter((seen) => seen.startsWith('POST'))).toHaveLength(1);
      expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    } finally {
      await proxy.close();
    }
    await rm(join(folder, 'sealroot-receipts'), { recursive: true });
    const elsewhere = lines((await run(['submit', 'docs', '--json'])).stdout);
    expect(elsewhere.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(elsewhere.every(({ repeated }) => repeated === true)).toBe(true);
    expect(await records()).toBe(before);
  });

  it('submits more files than a request holds by one import, which a second run goes on with: nothing twice, nothing read again', async () => {
    await mkdir(join(folder, 'many'));
    const name = (n: number) => join(folder, 'many', `${String(n).padStart(4, '0')}.txt`);
    for (let n = 0; n < 1100; n++) await writeFile(name(n), `many ${n} ${Math.random()}`);
    await utimes(name(0), 1767225600, 1767225600);
    const bytes = Buffer.concat([Buffer.from(join(folder, 'many', 'bad-')), Buffer.from([0xff])]);
    const before = await records();
    const proxy = await startProxy(url, (answer) => (answer.path.includes('/lines') ? 'cut' : answer));
    const args = ['submit', 'many', '--blind', '--json', '--retries', '0'];
    const cut = await run(args, { env: { SEALROOT_URL: proxy.url } });
    await proxy.close();
    expect(cut).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/Run the same command again/) as string });
    expect(await records()).toBe(before + 1100);

    await writeFile(bytes, 'no text names it');
    const again = await run(args);
    expect(again.exitCode).toBe(66);
    expect(again.stderr).toMatch(/1100 of 1100 documents accepted .* MB in \d+ s; .*1 failed/);
    expect(await records()).toBe(before + 1100);
    await rm(bytes);
    // The same size and time: it is not read again. Another time: it is, and is another record.
    const { size } = await stat(name(0));
    await writeFile(name(0), 'x'.repeat(size));
    await utimes(name(0), 1767225600, 1767225600);
    await writeFile(name(1), 'changed');
    const third = await run([...args, '--wait', '--jobs', '16']);
    expect(third.exitCode).toBe(0);
    expect(third.stderr).toMatch(/\(1099 of them earlier\).*1100 proofs written/);
    expect(await records()).toBe(before + 1101);
  });

  it('posts again with the same references after lost answers and "not now", and doubles nothing', async () => {
    await tree();
    const before = await records();
    let posts = 0;
    const proxy = await startProxy(url, (answer) => {
      if (answer.method !== 'POST') return answer;
      posts += 1;
      if (posts === 1) return 'cut';
      if (posts === 2) return { ...answer, status: 429, headers: { 'retry-after': '1' }, body: '' };
      return answer;
    });
    try {
      const { exitCode, stderr } = await run(['submit', 'docs'], { env: { SEALROOT_URL: proxy.url } });
      expect(stderr).toContain('next try in');
      expect(exitCode).toBe(0);
      expect(posts).toBe(3);
    } finally {
      await proxy.close();
    }
    expect(await records()).toBe(before + 3);
  });

  it('can be continued after it was killed while its answer was on the way', async () => {
    await tree();
    const before = await records();
    const proxy = await startProxy(url, (answer) => (answer.method === 'POST' ? 'cut' : answer));
    const killed = await run(['submit', 'docs', '--blind', '--wait'], {
      env: { SEALROOT_URL: proxy.url },
      onStderr: (text, kill) => {
        if (text.includes('next try')) kill();
      },
    });
    await proxy.close();
    expect(killed.exitCode).toBe(null);
    expect(await records()).toBe(before + 3);
    expect((await run(['submit', 'docs', '--blind', '--wait'])).exitCode).toBe(0);
    expect(await records()).toBe(before + 3);
    expect((await run(['verify', 'docs/sub/c.txt'])).exitCode).toBe(4);
  });

  it('blinds: the salt is in its file and in the proof, and never reaches the service', async () => {
    await writeFile(join(folder, 'licence'), 'Licence no. 1234');
    const bodies: string[] = [];
    const args = ['submit', 'licence', '--profile', 'licence@1', '--blind', '--wait', '--json'];
    const first = await run([...args, '--valid-until', '2000-01-01T00:00:00Z']);
    expect(first.exitCode).toBe(0);
    const proof = parseProof(await read('licence.sealroot.json'));
    const { salts } = JSON.parse(await read('licence.sealroot-salt.json')) as { salts: { salt: string }[] };
    expect(proof.salt).toBe(salts[0]!.salt);
    expect((await stat(join(folder, 'licence.sealroot-salt.json'))).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${url}/v1/records/${proof.id}/proof`);
    bodies.push(await answer.text());
    expect(bodies.join()).not.toContain(proof.salt);
    const { stdout } = await run(['verify', 'licence', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'authentic-not-current',
      exitCode: 3,
      findings: expect.arrayContaining([expect.objectContaining({ check: 'validity', reason: 'expired' })]),
    });

    await rm(join(folder, 'licence.sealroot.json'));
    const fetched = await run(['proof', 'licence']);
    expect(fetched.exitCode).toBe(0);
    expect(parseProof(await read('licence.sealroot.json')).salt).toBe(proof.salt);
    await writeFile(join(folder, 'licence'), 'Licence no. 1235');
    expect((await run([...args, '--valid-until', '2000-01-01T00:00:00Z'])).exitCode).toBe(0);
    expect((JSON.parse(await read('licence.sealroot-salt.json')) as { salts: unknown[] }).salts).toHaveLength(2);
  });

  it("never overwrites another document's proof, and says where the new one is", async () => {
    await writeFile(join(folder, 'doc'), 'version 1');
    await run(['submit', 'doc', '--wait']);
    const old = await read('doc.sealroot.json');
    await writeFile(join(folder, 'doc'), 'version 2');
    const { stderr, stdout } = await run(['submit', 'doc', '--wait', '--json']);
    const { id, proof } = lines(stdout).find(({ outcome }) => outcome === 'proof') as { id: string; proof: string };
    expect([await read('doc.sealroot.json'), proof]).toEqual([old, `doc.${id}.sealroot.json`]);
    expect(stderr).toContain(`The proof is in ${proof}.`);
    expect((await run(['verify', 'doc', '--proof', proof])).exitCode).toBe(4);
  });

  it('reports the item that fails, exit 1, and lets the others through', async () => {
    await writeFile(join(folder, 'one'), `one ${Math.random()}`);
    await writeFile(join(folder, 'two'), `two ${Math.random()}`);
    const reference = `R-${Math.random()}`;
    expect((await run(['submit', 'one', '--reference', reference])).exitCode).toBe(0);
    const taken = await run(['submit', 'two', '--reference', reference]);
    expect(taken.stderr).toMatch(/failed: two: rejected: .*\[reference-conflict\]/);
    expect(taken.exitCode).toBe(1);
    const terms = await run(['submit', 'one', '--reference', reference, '--claims', '{"class":"B"}']);
    expect(terms.stderr).toContain('has other terms');
    expect(terms.exitCode).toBe(1);
  });

  it('posts identical files once and gives both a proof', async () => {
    await writeFile(join(folder, 'one'), 'the same');
    await writeFile(join(folder, 'two'), 'the same');
    const before = await records();
    expect((await run(['submit', 'one', 'two', '--wait', '--out', 'proofs'])).exitCode).toBe(0);
    expect(await records()).toBe(before + 1);
    expect(await read('proofs/one.sealroot.json')).toBe(await read('proofs/two.sealroot.json'));
    expect((await readdir(folder)).sort()).toEqual(['one', 'proofs', 'two']);
  });

  it('does not believe an answer that was changed: exit 76, no receipt kept', async () => {
    await tree();
    const flip = (text: string) =>
      text.replace(/"leafHash":"(.)/, (_, digit) => `"leafHash":"${digit === '0' ? '1' : '0'}`);
    const cutSignature = (text: string) =>
      text.replace(/(\/receipt [\w+/]{20})(.)/, (_, head, digit) => `${head}${digit === 'A' ? 'B' : 'A'}`);
    for (const change of [flip, cutSignature]) {
      const proxy = await startProxy(url, (answer) => ({
        ...answer,
        body: answer.method === 'POST' ? change(answer.body) : answer.body,
      }));
      const { exitCode, stderr } = await run(['submit', 'docs'], { env: { SEALROOT_URL: proxy.url } });
      await proxy.close();
      expect(stderr).toContain("Checking the service's answer");
      expect(exitCode).toBe(76);
    }
    expect(await readdir(folder)).toEqual(['docs']);
  });

  it('tells outages, refused keys and wrong terms apart', async () => {
    await tree();
    const outage = await run(['submit', 'docs', '--retries', '0'], { env: { SEALROOT_URL: await unreachableUrl() } });
    expect(outage.exitCode).toBe(2);
    expect(outage.stderr).toContain('ECONNREFUSED');
    const refused = await run(['submit', 'docs'], {
      env: { SEALROOT_API_KEY: `sr_${'a'.repeat(8)}_${'b'.repeat(43)}` },
    });
    expect(refused.exitCode).toBe(77);
    expect(refused.stderr).not.toContain('b'.repeat(43));
    expect((await run(['submit', 'docs'], { env: { SEALROOT_API_KEY: '' } })).exitCode).toBe(78);
    expect((await run(['submit', 'nowhere'])).exitCode).toBe(66);
    expect((await run(['submit', 'docs', '--profile', 'licence@1'])).exitCode).toBe(64);
    expect((await run(['submit', 'docs', '--claims', '{'])).exitCode).toBe(64);
    expect((await run(['submit', 'docs', '--reference', 'x'])).exitCode).toBe(64);
    const other = `other+${logKey.split('+').slice(1).join('+')}`;
    expect((await run(['submit', 'docs', '--log-key', other])).exitCode).toBe(64);
  });

  it('takes the key from a file, and the demo key that the service leaves', async () => {
    await writeFile(join(folder, 'doc'), 'keys');
    await writeFile(join(folder, 'key'), `${service.key}\n`);
    const env = { SEALROOT_API_KEY: '' };
    expect((await run(['submit', 'doc', '--key-file', 'key'], { env })).exitCode).toBe(0);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'demo-api-key'), service.key);
    expect((await run(['submit', 'doc'], { env })).exitCode).toBe(0);
    const visible = await run(['submit', 'doc', '--key', service.key], { env });
    expect(visible.stderr).toContain('process list');
    expect(visible.stderr).not.toContain(service.key);
  });
});

describe('sealroot proof', () => {
  it('gets a proof by record id and by document, in every format', async () => {
    await writeFile(join(folder, 'doc'), `doc ${Math.random()}`);
    const [record] = lines((await run(['submit', 'doc', '--wait', '--json'])).stdout);
    const id = String(record!['id']);
    const byId = await run(['proof', id]);
    expect(parseProof(byId.stdout).id).toBe(id);
    expect(await read('doc.sealroot.json')).toBe(byId.stdout);
    expect((await run(['proof', 'doc', '--format', 'tlog-proof', '--out', '-'])).stdout).toMatch(
      /^c2sp\.org\/tlog-proof@v1\n/,
    );
    expect((await run(['proof', id, '--format', 'tlog-proof', '--tree', 'log'])).stdout).toContain(
      'test.example/log\n',
    );
    // Nothing anchors this service: there is no attestation to put into an .ots file.
    const ots = await run(['proof', 'doc', '--format', 'ots']);
    expect(ots.exitCode).toBe(4);
    expect(
      (
        await run(['proof', 'doc', '--from', 'doc.sealroot.json', '--out', 'copy.json'], {
          env: { SEALROOT_URL: await unreachableUrl() },
        })
      ).exitCode,
    ).toBe(0);
    await writeFile(join(folder, 'taken'), 'mine');
    expect((await run(['proof', 'doc', '--out', 'taken'])).exitCode).toBe(73);
    expect(await read('taken')).toBe('mine');
  });

  it('says 1 when there is no such record, 2 when the service cannot be reached, 66 when there is no such file', async () => {
    await writeFile(join(folder, 'unknown'), `unknown ${Math.random()}`);
    expect((await run(['proof', 'unknown'])).exitCode).toBe(1);
    expect((await run(['proof', '0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11'])).exitCode).toBe(1);
    expect((await run(['proof', 'nowhere'])).exitCode).toBe(66);
    const env = { SEALROOT_URL: await unreachableUrl() };
    expect((await run(['proof', 'unknown'], { env })).exitCode).toBe(2);
  });
});

describe('sealroot agency and key', () => {
  it('creates an agency and a key that works until it is revoked', async () => {
    const domain = `a${Math.floor(Math.random() * 1e9)}.example.gov`;
    expect((await run(['agency', 'create', domain, '--name', 'Test Office'])).exitCode).toBe(0);
    expect((await run(['agency', 'list'])).stdout).toContain(`${domain}\t`);
    expect((await run(['agency', 'create', domain])).exitCode).toBe(1);
    const made = await run(['key', 'create', domain, '--label', 'first']);
    const key = made.stdout.trim();
    expect(key).toMatch(/^sr_[a-z0-9]{8}_/);
    const prefix = key.slice(0, 11);
    await writeFile(join(folder, 'doc'), domain);
    expect((await run(['submit', 'doc'], { env: { SEALROOT_API_KEY: key } })).exitCode).toBe(0);
    expect((await run(['key', 'list', domain])).stdout).toMatch(new RegExp(`^${prefix}\tactive\t.*\tfirst\n$`));
    expect((await run(['key', 'revoke', key])).exitCode).toBe(64);
    expect((await run(['key', 'revoke', prefix])).exitCode).toBe(0);
    expect((await run(['key', 'list', domain])).stdout).toContain('revoked');
    expect((await run(['key', 'revoke', 'sr_00000000'])).exitCode).toBe(1);
  });

  it('says 77 for a wrong token and 78 for none', async () => {
    expect(
      (await run(['key', 'list', 'any.example'], { env: { SEALROOT_ADMIN_TOKEN: 'wrong-token-of-some-length' } }))
        .exitCode,
    ).toBe(77);
    expect((await run(['key', 'list', 'any.example'], { env: { SEALROOT_ADMIN_TOKEN: '' } })).exitCode).toBe(78);
    // Which agencies there are is no secret.
    expect((await run(['agency', 'list'], { env: { SEALROOT_ADMIN_TOKEN: '' } })).exitCode).toBe(0);
  });
});

describe('sealroot audit-log', () => {
  it('recomputes what the heads commit to, keeps it, and finds what was changed since', async () => {
    const id = await service.app.get(AuditLogNotary, { strict: false }).notarise();
    await expect.poll(async () => (await service.app.inject(`/v1/records/${id}/proof`)).statusCode).toBe(200);
    const first = await run(['audit-log', 'acts']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toContain(id);
    expect((await run(['verify', 'acts/head.txt', '--log-key', logKey])).exitCode).toBe(4);
    // As the specification says to do it without this program.
    const specification = await readFile(new URL('../../../libs/audit/README.md', import.meta.url), 'utf8');
    const recipe = /```python\n([^]*?)```/.exec(specification)![1]!;
    execFileSync('python3', ['-c', recipe], { cwd: join(folder, 'acts') });

    const kept = await read('acts/acts.ndjson');
    await writeFile(join(folder, 'acts', 'acts.ndjson'), kept.replace('agency.created', 'agency.changed'));
    expect(() => execFileSync('python3', ['-c', recipe], { cwd: join(folder, 'acts'), stdio: 'pipe' })).toThrow();
    const other = await run(['audit-log', 'acts', '--json']);
    expect(other.exitCode).toBe(1);
    expect(lines(other.stdout)[0]).toMatchObject({ faults: [expect.stringMatching(/^act 1 is not the one/)] });
    // Somebody who may do everything with the database.
    await service.database.pool.query(
      `ALTER TABLE "audit_act" DISABLE TRIGGER ALL; UPDATE "audit_act" SET "act" = replace("act", 'Records Office', 'Other Office') WHERE "ordinal" = 1`,
    );
    const forged = await run(['audit-log', 'elsewhere']);
    expect(forged.exitCode).toBe(1);
    expect(forged.stdout).toMatch(/do not lead to the head[^]*do not lead to the notarised head/);
    expect(await readdir(folder)).not.toContain('elsewhere');
    expect((await run(['audit-log', 'x'], { env: { SEALROOT_ADMIN_TOKEN: '' } })).exitCode).toBe(78);
  });
});
