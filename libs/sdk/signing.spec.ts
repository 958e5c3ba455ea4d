import { createHash, createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { possessionText } from '#signature/agency-key.js';
import { verifyAgencySignature } from '#signature/verify.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { RecordRequest } from './record.js';
import { agencySigner, keyRegistration, signChange, signRecords } from './signing.js';

const AGENCY = 'licences.example';
const pair = generateKeyPairSync('ed25519');
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const signer = agencySigner({ agency: AGENCY, privateKey });
const record = (name: string): RecordRequest => ({
  profile: 'generic@1',
  digests: { sha256: createHash('sha256').update(name).digest('hex') },
});
const NOW = new Date('2026-03-01T08:00:00.000Z');

/** What is wrong with the signature of a record as its statement will have it. */
const faultOf = (request: RecordRequest, statement: object = request) =>
  verifyAgencySignature(
    { v: 1, kind: 'record', agency: AGENCY, ...statement } as never as {
      agency: string;
      agencySignature: AgencySignature;
    },
    signer.publicKey,
  );

describe('signing for an agency', () => {
  it('takes a private key as openssl writes it, or its bytes, and nothing else', () => {
    const { d, x } = pair.privateKey.export({ format: 'jwk' });
    expect(Buffer.from(signer.publicKey).toString('base64url')).toBe(x);
    const bytes = new Uint8Array(Buffer.from(d!, 'base64url'));
    expect(agencySigner({ agency: AGENCY, privateKey: bytes }).key).toBe(signer.key);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const wrong = [
      rsa.export({ type: 'pkcs8', format: 'pem' }) as string,
      pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      privateKey.replace('PRIVATE', 'ENCRYPTED PRIVATE'),
      '',
      new Uint8Array(31),
    ];
    for (const one of wrong)
      expect(() => agencySigner({ agency: AGENCY, privateKey: one })).toThrow(
        expect.objectContaining({ code: 'bad-input' }) as Error,
      );
    expect(createPrivateKey(privateKey).asymmetricKeyType).toBe('ed25519');
  });

  it('shows the service that the key is held', async () => {
    const { possession, publicKey } = await keyRegistration(signer, 'log.example/sealroot');
    const text = possessionText(AGENCY, 'log.example/sealroot', signer.publicKey);
    expect(publicKey).toBe(pair.publicKey.export({ format: 'jwk' }).x);
    expect(verify(null, Buffer.from(text), pair.publicKey, Buffer.from(possession, 'base64url'))).toBe(true);
  });

  it('signs one record alone and several as one, as their statements will have them', async () => {
    const asked = { ...record('a'), validUntil: '2030-01-01T00:00:00+08:00', reference: undefined };
    const [one] = await signRecords([asked], signer);
    expect(one!.agencySignature!.group).toBeUndefined();
    expect(faultOf(one!, { ...one!, validUntil: '2029-12-31T16:00:00.000Z' })).toBeNull();
    expect(faultOf(one!, { ...one!, validUntil: '2029-12-31T16:00:00.001Z' })).toBe('bad-signature');
    const several = await signRecords(['a', 'b', 'c'].map(record), signer);
    expect(several.map((each) => [each.agencySignature!.group!.index, faultOf(each)])).toEqual([
      [0, null],
      [1, null],
      [2, null],
    ]);
  });

  it('makes groups of up to 4,096 records, each of one signature, and leaves what is signed as it is', async () => {
    const before = {
      ...record('signed'),
      agencySignature: (await signRecords([record('signed')], signer))[0]!.agencySignature!,
    };
    const records = [before, ...Array.from({ length: 4097 }, (_, i) => record(`record ${i}`))];
    const signed = await signRecords(records, signer);
    expect(signed[0]).toBe(before);
    expect(signed[4096]!.agencySignature!.group).toMatchObject({ size: 4096, index: 4095 });
    expect(signed[4097]!.agencySignature!.group).toBeUndefined();
    expect(new Set(signed.slice(1).map((each) => each.agencySignature!.value)).size).toBe(2);
    for (const at of [1, 4096, 4097]) expect(faultOf(signed[at]!)).toBeNull();
  });

  it('signs changes of status with the time since when: of one record, a list as one, a range', async () => {
    const change = { to: 'revoked', reason: 'misuse' } as const;
    const ids = ['019ca869-507b-7812-82da-057373556ba2', '019ca869-507b-7812-82da-057373556ba3'];
    const said = { v: 1, kind: 'status', agency: AGENCY, ...change, effectiveAt: NOW.toISOString() };
    const holds = (statement: object, agencySignature: AgencySignature) =>
      verifyAgencySignature({ ...said, ...statement, agencySignature }, signer.publicKey) === null;
    const one = await signChange(change, { records: [ids[0]!] }, signer, NOW);
    expect(one.agencySignature!.group).toBeUndefined();
    expect(one).toMatchObject({ effectiveAt: NOW.toISOString() });
    expect(holds({ record: ids[0] }, one.agencySignature!)).toBe(true);
    expect(holds({ record: ids[1] }, one.agencySignature!)).toBe(false);
    const list = await signChange(change, { records: ids }, signer, NOW);
    // The service gives each statement its place.
    expect(list.agencySignature).not.toHaveProperty('group');
    const range = { first: 5, count: 3 };
    const ofRange = await signChange(change, { range }, signer, NOW);
    expect(holds({ range }, ofRange.agencySignature!)).toBe(true);
    const long = { records: Array.from({ length: 4097 }, () => ids[0]!) };
    await expect(signChange(change, long, signer, NOW)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
