import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeyRepository } from '#database/signing-key.repository.js';
import { formatProof, parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { keyIdOf, parsePublicKey, possessionText } from '#signature/agency-key.js';
import { signAlone, signGroup } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import { formatTime } from '#statement/time.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { sha256Hex } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const DOMAIN = 'records.example.gov';

/** A key of an agency's own, as its backend has it. */
function newKey(agency = DOMAIN, origin = 'test.example/log') {
  const pair = generateKeyPairSync('ed25519');
  const x = pair.publicKey.export({ format: 'jwk' }).x!;
  const publicKey = parsePublicKey(x);
  const signed = (text: Uint8Array) => sign(null, text, pair.privateKey);
  const possession = signed(Buffer.from(possessionText(agency, origin, publicKey))).toString('base64url');
  return { key: keyIdOf(publicKey), sign: signed, body: { publicKey: x, possession } };
}

/** What is posted of a record, and what of it is signed. */
const line = (name: string, more: object = {}) => {
  const record = { digests: { sha256: sha256Hex(name) }, profile: 'generic@1', ...more };
  return { record, input: signingInput({ v: 1, kind: 'record', agency: DOMAIN, ...record }) };
};

describe("an agency's signing keys", () => {
  let service: TestService;
  let isSealing = true;
  let sealing: Promise<void>;
  beforeAll(async () => {
    service = await startService();
    // As a worker does.
    sealing = (async () => {
      while (isSealing) {
        await service.seal();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
  });
  afterAll(async () => {
    isSealing = false;
    await sealing;
    await service.stop();
  });

  const post = (url: string, payload: object, token = service.key) =>
    service.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${token}` }, payload });
  const registered = async (more: object = {}) => {
    const key = newKey();
    const answer = await post('/v1/signing-keys', { ...key.body, ...more });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.json()).toMatchObject({ key: key.key, inLog: true, revokedAt: null });
    return key;
  };
  const faults = async (record: object) => {
    const answer = await post('/v1/records', record);
    expect(answer.statusCode, answer.body).toBe(422);
    return answer.json<{ errors: { pointer: string; detail: string }[] }>().errors;
  };

  it('are registered by the operator or the agency, once, and listed for everybody with the record that says so', async () => {
    const key = newKey();
    const byOperator = await post(`/v1/agencies/${DOMAIN}/signing-keys`, key.body, ADMIN);
    expect(byOperator.statusCode, byOperator.body).toBe(201);
    const again = await post('/v1/signing-keys', key.body);
    expect(again.json()).toEqual(byOperator.json());
    const { record } = byOperator.json<{ record: string }>();
    const shown = (await service.app.inject(`/v1/records/${record}`)).json<object>();
    expect(shown).toMatchObject({ agency: 'registrar.test.example', profile: 'identity@1', stage: 'sealed' });
    const wellKnown = (await service.app.inject('/.well-known/sealroot.json')).json<{
      agencies: { domain: string }[];
    }>();
    expect(wellKnown.agencies.find(({ domain }) => domain === DOMAIN)).toMatchObject({ signingKeys: [{ record }] });
    const listed = await service.app.inject(`/v1/agencies/${DOMAIN}/signing-keys`);
    expect(listed.json()).toEqual({ signingKeys: [byOperator.json()] });
  });

  it('are registered for who holds them alone', async () => {
    const other = newKey('tax.example.gov');
    const elsewhere = newKey(DOMAIN, 'other.example/log');
    for (const { body } of [other, elsewhere]) {
      const answer = await post('/v1/signing-keys', body);
      expect(answer.json()).toMatchObject({ status: 422, code: 'invalid-body', errors: [{ pointer: '/possession' }] });
    }
    const weak = { ...other.body, publicKey: `AQ${'A'.repeat(41)}` };
    expect((await post('/v1/signing-keys', weak)).json()).toMatchObject({ errors: [{ pointer: '/publicKey' }] });
    await post('/v1/agencies', { domain: 'tax.example.gov', name: 'Tax Office' }, ADMIN);
    const theirs = await post('/v1/agencies/tax.example.gov/signing-keys', other.body, ADMIN);
    expect(theirs.statusCode, theirs.body).toBe(201);
    const record = { ...line('a').record, agencySignature: await signAlone(line('a').input, other) };
    expect(await faults(record)).toMatchObject([{ pointer: '/agencySignature/key' }]);
  });

  it('sign records alone and in groups, which repeat as others do', async () => {
    const key = await registered();
    const alone = line('alone', { reference: 'R-1', validUntil: '2030-01-01T00:00:00.000Z', claims: { b: 1, a: 'ü' } });
    const agencySignature = await signAlone(alone.input, key);
    const body = { ...alone.record, agencySignature };
    const first = await post('/v1/records', body);
    expect(first.statusCode, first.body).toBe(201);
    expect(first.json<{ statement: object }>().statement).toMatchObject({ agencySignature });
    expect((await post('/v1/records', body)).json()).toMatchObject({
      repeated: true,
      id: first.json<{ id: string }>().id,
    });

    const lines = Array.from({ length: 5 }, (_, i) => line(`in a group ${i}`));
    const signatures = await signGroup(
      DOMAIN,
      lines.map(({ input }) => input),
      key,
    );
    const bodies = lines.map(({ record }, i) => ({ ...record, agencySignature: signatures[i] }));
    const altered = { ...bodies[2]!, digests: { sha256: sha256Hex('other') } };
    const answer = await post('/v1/records', [bodies[0]!, altered, ...bodies.slice(3)]);
    const results = answer.json<{ records: { outcome: string; problem?: object }[] }>().records;
    expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'rejected', 'accepted', 'accepted']);
    expect(results[1]!.problem).toMatchObject({ errors: [{ pointer: '/agencySignature/group/path' }] });

    const made = await service.app.inject({
      method: 'POST',
      url: '/v1/imports',
      headers: { authorization: `Bearer ${service.key}` },
    });
    const imported = await service.app.inject({
      method: 'POST',
      url: `/v1/imports/${made.json<{ id: string }>().id}/lines?offset=0`,
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/x-ndjson' },
      payload: [bodies[1], altered, bodies[2]].map((one) => `${JSON.stringify(one)}\n`).join(''),
    });
    const outcomes = imported.body
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { outcome?: string }).outcome);
    expect(outcomes.slice(0, 3)).toEqual(['accepted', 'rejected', 'accepted']);
  });

  it('are told what was expected where a signature is refused', async () => {
    const key = await registered();
    const { input, record } = line('refused');
    const signature = await signAlone(input, key);
    const wrong = await faults({ ...record, reference: 'R-2', agencySignature: signature });
    expect(wrong).toMatchObject([{ pointer: '/agencySignature/value' }]);
    const seen = signingInput({ v: 1, kind: 'record', agency: DOMAIN, ...record, reference: 'R-2' });
    expect(wrong[0]!.detail).toContain(sha256Hex(seen));
    const stranger = newKey();
    expect(await faults({ ...record, agencySignature: await signAlone(input, stranger) })).toMatchObject([
      {
        pointer: '/agencySignature/key',
        detail: expect.stringContaining('registered for records.example.gov') as string,
      },
    ]);
    const late = await registered({ validFrom: formatTime(Date.now() + 86_400_000) });
    expect((await faults({ ...record, agencySignature: await signAlone(input, late) }))[0]!.detail).toContain(
      'is valid from',
    );
    const short = await registered({ validUntil: formatTime(Date.now() + 1500) });
    await expect
      .poll(async () => (await post('/v1/records', { ...record, agencySignature: await signAlone(input, short) })).body)
      .toContain('was valid until');
    expect(await faults({ ...record, agencySignature: null })).toMatchObject([{ pointer: '/agencySignature' }]);
  });

  it('are shown by the proof, offline: the agency itself signed, also after the key was taken back', async () => {
    const key = await registered();
    const lines = ['one', 'two', 'three'].map((name) => line(`proved ${name}`));
    const signatures = await signGroup(
      DOMAIN,
      lines.map(({ input }) => input),
      key,
    );
    const bodies = lines.map(({ record }, i) => ({ ...record, agencySignature: signatures[i] }));
    const posted = await post('/v1/records', bodies);
    const [, { id }] = posted.json<{ records: [unknown, { id: string }] }>().records;
    const verified = async (query = '') => {
      const answer = await service.app.inject(`/v1/records/${id}/proof${query}`);
      expect(answer.statusCode, answer.body).toBe(200);
      expect(formatProof(parseProof(answer.body))).toBe(answer.body);
      const keys = (await service.app.inject('/.well-known/sealroot.json')).json<{ logs: { key: string }[] }>().logs;
      const trustedKeys = keys.map((log) => log.key);
      return verifyProof({ proof: answer.body, trustedKeys, now: new Date() });
    };
    const facts = { who: 'agency', verdict: 'pending' };
    await expect.poll(async () => (await service.app.inject(`/v1/records/${id}/proof`)).statusCode).toBe(200);
    expect(await verified()).toMatchObject(facts);
    expect(await verified('?status=none')).toMatchObject(facts);
    expect((await post(`/v1/signing-keys/${key.key}/revocation`, { reason: 'rotated' })).statusCode).toBe(200);
    await service.seal();
    expect(await verified()).toMatchObject(facts);
    const unsigned = await post('/v1/records', line('unsigned').record);
    const plain = unsigned.json<{ id: string }>().id;
    await service.seal();
    expect((await service.app.inject(`/v1/records/${plain}/proof`)).body).not.toContain('"authorisation"');
  });

  it('are revoked at once, in the log too, once, and not by another agency', async () => {
    const key = await registered();
    const { input, record } = line('after the revocation');
    const signed = { ...record, agencySignature: await signAlone(input, key) };
    expect((await post('/v1/records', signed)).statusCode).toBe(201);
    const url = `/v1/signing-keys/${key.key}/revocation`;
    expect(
      (await post(`/v1/agencies/tax.example.gov/signing-keys/${key.key}/revocation`, { reason: 'x' }, ADMIN)).json(),
    ).toMatchObject({ code: 'signing-key-not-found' });
    const revoked = await post(url, { reason: 'rotated' });
    expect(revoked.json()).toMatchObject({ reason: 'rotated', revokedAt: expect.any(String) as string });
    expect((await post(url, { reason: 'again' })).json()).toMatchObject({ reason: 'rotated' });
    expect((await faults(signed))[0]!.detail).toContain('was revoked at');
    const { record: id } = revoked.json<{ record: string }>();
    await expect
      .poll(async () => (await service.app.inject(`/v1/records/${id}`)).json<object>())
      .toMatchObject({ status: { status: 'revoked' } });
  });

  it('that a crash left without their record, or without its end, get them once', async () => {
    const keys = service.app.get(SigningKeyRepository, { strict: false });
    const { body, key: keyId } = newKey();
    const [publicKey, possession] = [body.publicKey, body.possession].map((text) => Buffer.from(text, 'base64url')) as [
      Buffer,
      Buffer,
    ];
    const row = { keyId, agencyId: service.agencyId, publicKey, possession, validFrom: new Date(), validUntil: null };
    await keys.create(row, { name: 'service', from: null });
    await keys.revoke(service.agencyId, keyId, 'compromised', { name: 'service', from: null });
    const signingKeys = service.app.get(SigningKeysService, { strict: false });
    await expect.poll(async () => (await signingKeys.list(DOMAIN), await keys.due()), { interval: 300 }).toEqual([]);
    const { recordId } = (await keys.find(keyId))!;
    expect((await service.app.inject(`/v1/records/${recordId}`)).json()).toMatchObject({
      status: { status: 'revoked' },
    });
  });
});
