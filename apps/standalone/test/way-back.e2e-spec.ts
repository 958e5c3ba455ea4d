import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DnsServer, startDnsServer } from '#outbound/testing/dns-server.js';
import { parseProof, type Proof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { Sealroot } from '#sdk/client.js';
import { agencySigner, keyRegistration } from '#sdk/signing.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { type ServiceProcess, spawnEntry, startService } from './process.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

/** The agency that `npm start` makes to try things with. */
const DEMO = 'demo.example';

let folder: string;
let service: ServiceProcess | undefined;
let resolvers: DnsServer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-way-back-'));
  resolvers = [await startDnsServer('nxdomain'), await startDnsServer('nxdomain')];
});

afterEach(async () => {
  await service?.stop();
  for (const resolver of resolvers) await resolver.stop();
  await rm(folder, { recursive: true, force: true });
});

const proofOf = async (record: Pick<Acknowledged, 'id'>) =>
  (await fetch(`${service!.url}/v1/records/${record.id}/proof`)).text();

/** Log and number of the batch that a proof leads to, if the proof holds by itself. */
async function batchOf(text: string, record: Acknowledged) {
  const digests = { sha256: hexToBytes(record.sha256) };
  expect((await verifyProof({ proof: parseProof(text), digests, now: new Date() })).verdict).toBe('pending');
  const { batch } = JSON.parse(text) as { batch: { entry: string } };
  return parseBatchEntry(base64.decode(batch.entry));
}

it("refuses last night's data folder, and goes on from it as a new log that names the head of the old one", async () => {
  const data = join(folder, 'data');
  const env = {
    DATA_DIR: data,
    XDG_STATE_HOME: join(folder, 'state'),
    SEAL_INTERVAL_MS: '100',
    DNS_RESOLVERS: resolvers.map(({ address }) => address).join(),
  };
  const demoKey = async () => (await readFile(join(data, 'demo-api-key'), 'utf8')).trim();
  const lodge = async () => {
    const [record] = await postRecords(service!.url, await demoKey(), 1);
    await proveRecord(service!.url, record!);
    return { record: record!, proof: await proofOf(record!) };
  };

  const agencyKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const registeredKey = async () => {
    const body = await keyRegistration(agencySigner({ agency: DEMO, privateKey: agencyKey }), 'localhost/sealroot');
    const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
    const answer = await fetch(`${service!.url}/v1/agencies/${DEMO}/signing-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.text()).toBe(201);
    return agencyKey;
  };
  const lodgeSigned = async (privateKey: string) => {
    const signer = agencySigner({ agency: DEMO, privateKey });
    const client = new Sealroot({ url: service!.url, apiKey: await demoKey(), signer });
    const digests = { sha256: randomBytes(32).toString('hex') };
    // A moment after the start the new log does not have the key yet.
    const { record } = await vi.waitFor(() => client.submit({ profile: 'generic@1', digests }), 10_000);
    await client.waitFor(record.id, 'sealed');
    return record;
  };
  const described = async () => {
    const answer = await fetch(`${service!.url}/.well-known/sealroot.json`);
    const { agencies } = (await answer.json()) as { agencies: { domain: string; domainCheck?: { record: string } }[] };
    return agencies.find(({ domain }) => domain === DEMO)!.domainCheck;
  };
  /** Id and log of the record that says that the domain is verified, once it is sealed; another one than `before`. */
  const provedDomain = (before?: string) =>
    vi.waitFor(async () => {
      const { record: id } = (await described())!;
      expect(id).not.toBe(before);
      return { id, log: parseBatchEntry(base64.decode(parseProof(await proofOf({ id })).batch.entry)).origin };
    }, 10_000);
  const checkedDomain = async () => {
    const headers = { authorization: `Bearer ${await demoKey()}` };
    const asked = await fetch(`${service!.url}/v1/domain`, { headers });
    const { txt } = (await asked.json()) as { txt: { value: string } };
    for (const resolver of resolvers) resolver.reply = { txt: [[txt.value]] };
    await fetch(`${service!.url}/v1/domain/check`, { method: 'POST', headers });
    return provedDomain();
  };
  service = await startService('standalone', env);
  const kept = await lodge();
  const keptSigned = await lodgeSigned(await registeredKey());
  const keptDomain = await checkedDomain();
  await service.stop();
  // Last night's backup, of the whole folder, as the README says.
  await cp(data, join(folder, 'backup'), { recursive: true, preserveTimestamps: true });
  service = await startService('standalone', env);
  const lost = await lodge();
  await service.stop();

  await rm(data, { recursive: true });
  await cp(join(folder, 'backup'), data, { recursive: true, preserveTimestamps: true });
  const refused = spawnEntry('standalone', { ...env, PORT: '0' });
  expect(await once(refused.child, 'exit')).toEqual([1, null]);
  expect(refused.output()).toMatch(/expected at least 5 batches, got 4/);
  expect(refused.output()).toMatch(/docker\/runbook\/backup.md/);
  expect(refused.output()).not.toContain('    at ');

  // The way back.
  const [checkpoint] = await readdir(join(folder, 'state', 'sealroot'));
  const head = join(folder, 'old-head');
  await cp(join(folder, 'state', 'sealroot', checkpoint!), head);
  const next = { ...env, LOG_ORIGIN: 'localhost/sealroot/2', LOG_PREDECESSOR_FILE: head };
  service = await startService('standalone', next);
  const fresh = await lodge();
  const [, size, root] = (await readFile(head, 'utf8')).split('\n');
  expect((await batchOf(fresh.proof, fresh.record)).origin).toBe('localhost/sealroot/2');
  // Proofs of the old log hold: one made anew by the service, and one of a record that it has lost.
  expect(await batchOf(await proofOf(kept.record), kept.record)).toMatchObject({
    origin: 'localhost/sealroot',
    number: 0,
  });
  expect(await batchOf(lost.proof, lost.record)).toMatchObject({ origin: 'localhost/sealroot', number: 4 });
  // The agency's key is known to the new log as it was to the old one, and each proof shows what its own log says of it.
  const freshSigned = await lodgeSigned(agencyKey);
  for (const [record, origin, number] of [
    [keptSigned, 'localhost/sealroot', 1],
    [freshSigned, 'localhost/sealroot/2', 4],
  ] as const) {
    const [own] = (JSON.parse(await proofOf(record)) as Pick<Proof, 'authorisations'>).authorisations!;
    // The first batch of the new log names the head of the old one; what registers the keys is the first that it has.
    const beacon = number === 4 ? `previous-log ${size} ${Buffer.from(root!, 'base64').toString('hex')}` : null;
    expect(parseBatchEntry(base64.decode(own!.batch.entry))).toMatchObject({ origin, number, beacon });
    const { findings } = await verifyProof({ proof: await proofOf(record), now: new Date() });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'authorisation', outcome: 'passed' }));
  }
  // So is that its domain was verified.
  expect(keptDomain.log).toBe('localhost/sealroot');
  expect((await provedDomain(keptDomain.id)).log).toBe('localhost/sealroot/2');
  // What the old log says of a record's status is shown until something else is said in the new one.
  expect(parseProof(await proofOf(kept.record)).status?.events).toEqual([]);
  const revoked = await fetch(`${service.url}/v1/records/${kept.record.id}/status`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await demoKey()}`, 'content-type': 'application/json' },
    body: '{"to":"revoked"}',
  });
  expect(revoked.status).toBe(201);
  expect(parseProof(await proofOf(kept.record)).status).toBeUndefined();
  const latest = await fetch(`${service.url}/v1/records/${kept.record.id}/proof?status=latest`);
  expect(await latest.json()).toMatchObject({ code: 'no-such-status' });
  expect((await fetch(`${service.url}/v1/records/${lost.record.id}`)).status).toBe(404);
  const { logs } = (await (await fetch(`${service.url}/.well-known/sealroot.json`)).json()) as { logs: object[] };
  const time = expect.stringMatching(/^20.*Z$/) as string;
  const key = expect.stringMatching(/^localhost\/sealroot(\/2)?\+/) as string;
  expect(logs).toEqual([
    { origin: 'localhost/sealroot', key, firstBatch: 0, size: 4, since: time, until: time },
    {
      origin: 'localhost/sealroot/2',
      key,
      firstBatch: 4,
      size: expect.any(Number) as number,
      since: time,
      until: null,
    },
  ]);
  await service.stop();
  service = await startService('standalone', next);
  expect(await batchOf(await proofOf(fresh.record), fresh.record)).toMatchObject({ origin: 'localhost/sealroot/2' });
});
