import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoot } from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { readTimeStampRoots } from './time-stamp-roots.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);

describe('the roots of time-stamps', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-roots-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const fileOf = async (text: string) => {
    const file = join(folder, 'roots.pem');
    await writeFile(file, text);
    return file;
  };

  it.skipIf(!withOpenssl)('are read from a PEM file with words between them', async () => {
    const roots = await Promise.all(['A', 'B'].map((commonName) => createRoot({ commonName })));
    const tsaRootsFile = await fileOf(roots.map(({ pem }, i) => `Root ${i}\n${pem}`).join('\n'));
    expect(readTimeStampRoots({ tsaRootsFile }).map((der) => Buffer.from(der))).toEqual(
      roots.map(({ der }) => Buffer.from(der)),
    );
    const issuer = await roots[0]!.issueAuthority({ commonName: 'No root' });
    const wrong = await fileOf(issuer.pem);
    expect(() => readTimeStampRoots({ tsaRootsFile: wrong })).toThrow(
      /TSA_ROOTS_FILE: expected a readable PEM file of root certificates at .*names itself as issuer, got O=Sealroot tests, CN=No root/,
    );
    await Promise.all(roots.map(({ keyFile }) => rm(dirname(keyFile), { recursive: true, force: true })));
  });

  it.skipIf(!withOpenssl)('are read beside one that is weak and one that is none, which are told', async () => {
    const [good, weak] = await Promise.all([
      createRoot({ commonName: 'Good' }, folder),
      createRoot({ commonName: 'Weak', key: 'rsa-1024' }, folder),
    ]);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const tsaRootsFile = await fileOf(broken + weak.pem + good.pem);
    const told: string[] = [];
    const roots = readTimeStampRoots({ tsaRootsFile }, (sentence) => told.push(sentence));
    expect(roots.map((der) => Buffer.from(der))).toEqual([weak, good].map(({ der }) => Buffer.from(der)));
    expect(told).toEqual([
      expect.stringMatching(/^TSA_ROOTS_FILE: certificate 1 vouches for nothing: Reading a certificate/),
      expect.stringMatching(/^TSA_ROOTS_FILE: certificate 2 \(.*CN=Weak\) vouches for nothing: .*2048/),
    ]);
  });

  it('are none without a file, and what is no such file is named', async () => {
    expect(readTimeStampRoots({ tsaRootsFile: undefined })).toEqual([]);
    expect(() => readTimeStampRoots({ tsaRootsFile: join(folder, 'absent.pem') })).toThrow(/absent\.pem, got ENOENT/);
    const empty = await fileOf('');
    expect(() => readTimeStampRoots({ tsaRootsFile: empty })).toThrow(
      /expected at least one "-----BEGIN CERTIFICATE-----"/,
    );
    const broken = await fileOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(() => readTimeStampRoots({ tsaRootsFile: broken })).toThrow(/Reading a certificate/);
  });
});
