import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Sealroot } from '#sdk/client.js';
import { agencySigner } from '#sdk/signing.js';
import { verifyAgencySignature } from '#signature/verify.js';
import { startService } from '../../api/test/service.js';
import { compileCommand, sealroot } from './command.js';

it('submit and status sign for the agency with its own registered key, and the proofs say so', async () => {
  compileCommand();
  const service = await startService({ PROOF_STATUS_AGE_SECONDS: '0' });
  await service.app.listen(0, '127.0.0.1');
  const url = (await service.app.getUrl()).replace('[::1]', '127.0.0.1');
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-signed-'));
  let isSealing = true;
  const sealing = (async () => {
    while (isSealing) {
      await service.seal();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const run = (args: string[]) =>
    sealroot(args, { cwd: folder, env: { SEALROOT_URL: url, SEALROOT_API_KEY: service.key } });
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const x = publicKey.export({ format: 'jwk' }).x!;
    await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await mkdir(join(folder, 'docs'));
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await writeFile(join(folder, 'docs', name), name);
    const args = ['submit', 'docs', '--agency-key', 'key.pem', '--wait'];
    expect((await run(args)).stderr).toContain('has registered');
    const text = `sealroot/signing-key@1\nrecords.example.gov\ntest.example/log\n${x}\n`;
    const possession = sign(null, Buffer.from(text), privateKey).toString('base64url');
    const registered = await fetch(`${url}/v1/signing-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ publicKey: x, possession }),
    });
    expect(registered.status, await registered.text()).toBe(201);
    const submitted = await run(args);
    expect(submitted.exitCode, submitted.stderr).toBe(0);
    const logKey = (await run(['log-key'])).stdout.trim();
    const checked = await sealroot(['verify', 'docs/a.txt', '--log-key', logKey, '--json'], { cwd: folder });
    const { record, who } = JSON.parse(checked.stdout) as { record: { id: string }; who: string };
    expect(who).toBe('agency');
    const signer = agencySigner({
      agency: 'records.example.gov',
      privateKey: await readFile(join(folder, 'key.pem'), 'utf8'),
    });
    const options = { url, apiKey: service.key };
    const before = await new Sealroot(options).rely(record.id, 'account-opening');
    const relied = await new Sealroot({ ...options, signer }).rely(record.id, 'account-opening');
    expect([before.statement.agencySignature, relied.repeated]).toEqual([undefined, undefined]);
    const { agencySignature } = relied.statement;
    expect(
      verifyAgencySignature({ ...relied.statement, agencySignature: agencySignature! }, signer.publicKey),
    ).toBeNull();

    // More than a thousand are one import, in groups that are signed as one.
    const names = Array.from({ length: 1001 }, (_, i) => `${i}.txt`);
    await mkdir(join(folder, 'many'));
    for (const name of names) await writeFile(join(folder, 'many', name), `many ${name}`);
    const bulk = await run(['submit', 'many', '--agency-key', 'key.pem', '--json']);
    expect(bulk.exitCode, bulk.stderr).toBe(0);
    const last = `many/${names.at(-1)}`;
    await expect.poll(async () => (await run(['proof', last])).exitCode, { timeout: 10_000 }).toBe(0);
    const verified = await sealroot(['verify', last, '--log-key', logKey, '--json'], { cwd: folder });
    expect(JSON.parse(verified.stdout)).toMatchObject({ who: 'agency' });
    const { statement } = JSON.parse(await readFile(join(folder, `${last}.sealroot.json`), 'utf8')) as {
      statement: { agencySignature: { group: { size: number } } };
    };
    expect(statement.agencySignature.group.size).toBe(names.length);

    const change = [record.id, '--to', 'revoked', '--reason', 'misuse', '--agency-key', 'key.pem', '--json'];
    const revoked = await run(['status', ...change]);
    expect(revoked.exitCode, revoked.stderr).toBe(0);
    await service.seal();
    const renewed = await run(['proof', 'docs/a.txt']);
    expect(renewed.exitCode, renewed.stderr).toBe(0);
    const again = await sealroot(['verify', 'docs/a.txt', '--log-key', logKey, '--json'], { cwd: folder });
    expect(JSON.parse(again.stdout)).toMatchObject({ still: { state: 'revoked', who: 'agency' } });
    const said = await sealroot(['verify', 'docs/a.txt', '--log-key', logKey], { cwd: folder });
    expect(said.stdout).toContain('The change was signed by the agency’s own key, which was authorised then.');
  } finally {
    isSealing = false;
    await sealing;
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
