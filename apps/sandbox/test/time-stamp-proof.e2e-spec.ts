import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { base64 } from '@scure/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTimeStamps } from '#proof/testing/time-stamps.js';
import { verifyProof } from '#proof/verify.js';
import { type Rfc3161Attestation, rfc3161AttestationBytes } from '#tsp/attestation.js';
import { formatPem } from '#tsp/pem.js';
import { type CertificateAuthority, createRoot } from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { verifyFromPublicData } from '../../api/test/public-proof.js';
import { startService, type TestService } from '../../api/test/service.js';
import { attestByAuthority, stampByExpiring } from '../testing/anchored-proof.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '#anchors/rfc3161/testing/time-stamp-authority.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);
const run = promisify(execFile);
/** Longer than anchoring is taken as current. */
const FRESH_MS = 1100;

describe.skipIf(!withOpenssl)('a time-stamp that the service hands out', () => {
  let service: TestService;
  let folder: string;
  const authorities: TimeStampAuthority[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-handed-out-'));
    const roots = join(folder, 'roots.pem');
    await writeFile(roots, formatPem('CERTIFICATE', base64.decode(readTimeStamps().root)));
    // The API itself asks no authority; the test takes the worker's part.
    service = await startService({ ANCHORS: 'rfc3161', TSA_URLS: 'http://127.0.0.1:9', TSA_ROOTS_FILE: roots });
  });
  afterAll(async () => {
    await Promise.all(authorities.map((authority) => authority.stop()));
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Lodges a document and seals it, and stores what `stamp` makes of the checkpoint. Returns the record's id. */
  async function stampedRecord(
    document: string,
    stamp: (checkpoint: { size: number; root: Uint8Array; text: string }) => Promise<Rfc3161Attestation>,
  ): Promise<string> {
    const digests = { sha256: createHash('sha256').update(document).digest('hex') };
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: { digests, profile: 'generic@1' },
    });
    const { id } = answer.json<{ id: string }>();
    await service.seal();
    const { text } = parseNote((await service.app.inject('/v1/log/checkpoint')).body);
    const { size, root } = parseCheckpoint(text);
    const attestation = await stamp({ size, root, text });
    await service.database.pool.query(
      `INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "attestation", "detail", "submitted_at", "confirmed_at")
       VALUES ('rfc3161', $1, 'final', $2, 'stamped', now(), now())`,
      [size, Buffer.from(rfc3161AttestationBytes(attestation))],
    );
    await new Promise((resolve) => setTimeout(resolve, FRESH_MS));
    return id;
  }

  const part = async (id: string, name: string) => {
    const answer = await service.app.inject(`/v1/records/${id}/proof?format=rfc3161&part=${name}`);
    expect(answer.statusCode, answer.body).toBe(200);
    const file = join(folder, `${id}-${name}`);
    await writeFile(file, answer.rawPayload);
    return { file, type: answer.headers['content-type'], text: answer.body };
  };
  /** Runs `openssl ts -verify` with nothing but what the service gave and the authority's root. */
  const openssl = async (id: string, root: CertificateAuthority, ...more: string[]) => {
    const [data, response, token, chain] = await Promise.all(
      ['data', 'response', 'token', 'chain'].map(async (name) => (await part(id, name)).file),
    );
    const common = ['-data', data!, '-CAfile', root.certificateFile, '-untrusted', chain!, ...more];
    const say = (form: string[]) =>
      run('openssl', ['ts', '-verify', ...form, ...common]).then(
        ({ stdout, stderr }) => stdout + stderr,
        (error: { stderr: string }) => error.stderr,
      );
    return { response: await say(['-in', response!]), token: await say(['-token_in', '-in', token!]) };
  };

  it.each([
    { name: 'RSA', key: 'rsa-2048', essDigest: 'sha1' },
    { name: 'ECDSA', key: 'p-256', essDigest: 'sha256' },
  ] as const)('passes openssl ts -verify with exactly the files that it hands out: $name', async (options) => {
    const authority = await startTimeStampAuthority(options);
    authorities.push(authority);
    const id = await stampedRecord(`document of ${options.name}`, (checkpoint) =>
      attestByAuthority(checkpoint, authority),
    );
    expect(await openssl(id, authority.root)).toMatchObject({
      response: expect.stringContaining('Verification: OK') as string,
      token: expect.stringContaining('Verification: OK') as string,
    });

    const types = await Promise.all(
      ['data', 'token', 'response', 'chain', 'root', 'revocations'].map((name) => part(id, name)),
    );
    expect(types.map(({ type }) => type)).toEqual([
      'application/octet-stream',
      'application/vnd.etsi.timestamp-token',
      'application/timestamp-reply',
      'application/pem-certificate-chain',
      'application/pem-certificate-chain',
      'application/x-pem-file',
    ]);
    const [data, , , chain, root, revocations] = types;
    expect(data!.text).toBe(parseNote((await service.app.inject('/v1/log/checkpoint')).body).text);
    expect(root!.text.replace(/\s/g, '')).toBe(authority.root.pem.replace(/\s/g, ''));
    expect(chain!.text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(revocations!.text.match(/BEGIN X509 CRL/g)).toHaveLength(2);
    // openssl judges the signer by the lists too.
    const signer = await run('openssl', [
      'verify', '-crl_check_all', '-purpose', 'timestampsign', '-CAfile', authority.root.certificateFile,
      '-untrusted', chain!.file, '-CRLfile', revocations!.file, authority.signer.certificateFile,
    ]); // prettier-ignore
    expect(signer.stdout).toContain(': OK');
    const accepted = await service.app.inject({
      url: `/v1/records/${id}/proof`,
      headers: { accept: 'application/timestamp-reply' },
    });
    expect(accepted.headers['content-type']).toBe('application/timestamp-reply');

    const { verdict } = await verifyFromPublicData(service.app, id, `document of ${options.name}`);
    expect(verdict).toBe('unavailable');
    const proof = (await service.app.inject(`/v1/records/${id}/proof`)).body;
    const trusted = await verifyProof({ proof, timestampRoots: [authority.root.der], now: new Date() });
    expect(trusted).toMatchObject({ verdict: 'authentic', when: { notAfter: { kind: 'rfc3161', finality: 'final' } } });
  });

  it('passes with -attime after its certificate has run out, and our verifier says that it has', async () => {
    const root = await createRoot({ commonName: 'Brief' }, folder);
    const id = await stampedRecord('document of a short signer', ({ text }) => stampByExpiring(text, root));
    expect((await openssl(id, root)).response).toContain('certificate has expired');
    const proof = (await service.app.inject(`/v1/records/${id}/proof`)).body;
    const { verdict, when } = await verifyProof({ proof, timestampRoots: [root.der], now: new Date() });
    expect(verdict).toBe('authentic');
    expect(when.notAfter?.by).toMatchObject({ kind: 'rfc3161', expired: true });
    const seconds = Math.floor(Date.parse(when.notAfter!.time) / 1000);
    expect(await openssl(id, root, '-attime', String(seconds))).toMatchObject({
      response: expect.stringContaining('Verification: OK') as string,
      token: expect.stringContaining('Verification: OK') as string,
    });
  });

  it('is not there before an authority has signed, and only under its own names', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: { digests: { sha256: 'ab'.repeat(32) }, profile: 'generic@1' },
    });
    const { id } = answer.json<{ id: string }>();
    await service.seal();
    const get = async (query: string) => (await service.app.inject(`/v1/records/${id}/proof${query}`)).json();
    expect(await get('?format=rfc3161')).toMatchObject({
      code: 'proof-not-ready',
      detail: expect.stringContaining('an attestation of type rfc3161, got none') as string,
    });
    expect(await get('?format=rfc3161&part=key')).toMatchObject({ code: 'bad-request' });
    expect(await get('?format=json&part=data')).toMatchObject({ code: 'bad-request' });
    expect(await get('?format=rfc3161&tree=log')).toMatchObject({ code: 'bad-request' });
  });
});
