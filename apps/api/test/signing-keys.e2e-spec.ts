import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeyRepository } from '#database/signing-key.repository.js';
import { formatProof, parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { keyIdOf, parsePublicKey, possessionText } from '#signature/agency-key.js';
import { signAlone, signGroup } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import type { AgencySignature } from '#statement/agency-signature.js';
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
    service = await startService({ PROOF_STATUS_AGE_SECONDS: '0' });
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
    expect((await service.app.inject(`/v1/records/${plain}/proof`)).body).not.toContain('"authorisations"');
  });

  it('sign changes of status, alone, in lists and of ranges, and the proofs show it', async () => {
    const key = await registered();
    const posted = await post(
      '/v1/records',
      ['s1', 's2', 's3', 's4'].map((name) => line(`status ${name}`).record),
    );
    const ids = posted.json<{ records: { id: string }[] }>().records.map(({ id }) => id);
    await expect.poll(async () => (await service.app.inject(`/v1/records/${ids[3]}/proof`)).statusCode).toBe(200);
    const effectiveAt = formatTime(Date.now() - 1000);
    const change = { to: 'revoked', reason: 'misuse', effectiveAt };
    const inputOf = (about: object) => signingInput({ v: 1, kind: 'status', agency: DOMAIN, ...change, ...about });
    const signatureOf = (about: object) => signAlone(inputOf(about), key);
    const one = { ...change, agencySignature: await signatureOf({ record: ids[0] }) };
    const refused = async (url: string, body: object) => {
      const answer = await post(url, body);
      expect(answer.statusCode, answer.body).toBe(422);
      return answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer);
    };
    expect(await refused(`/v1/records/${ids[1]}/status`, one)).toEqual(['/agencySignature/value']);
    const { effectiveAt: _, ...timeless } = one;
    expect(await refused(`/v1/records/${ids[0]}/status`, timeless)).toEqual(['/effectiveAt']);
    const changed = await post(`/v1/records/${ids[0]}/status`, one);
    expect(changed.statusCode, changed.body).toBe(201);
    expect(changed.json<{ statement: object }>().statement).toMatchObject({ agencySignature: one.agencySignature });

    const pair = ids.slice(1, 3);
    const inputs = pair.map((record) => inputOf({ record }));
    const [{ group, ...whole }] = (await signGroup(DOMAIN, inputs, key)) as [AgencySignature];
    const list = { ...change, records: pair, agencySignature: whole };
    expect(await refused('/v1/status', { ...list, agencySignature: { ...whole, group } })).toEqual([
      '/agencySignature/group',
    ]);
    expect(await refused('/v1/status', { ...list, records: pair.toReversed() })).toEqual(['/agencySignature/value']);
    const both = await post('/v1/status', list);
    const events = both.json<{ results: { statement: { agencySignature: AgencySignature } }[] }>().results;
    expect(events.map(({ statement }) => statement.agencySignature.group?.index)).toEqual([0, 1]);

    const proofOf = async (id: string) => (await service.app.inject(`/v1/records/${id}/proof`)).body;
    const keys = (await service.app.inject('/.well-known/sealroot.json')).json<{ logs: { key: string }[] }>().logs;
    const stillOf = async (id: string) => {
      const trustedKeys = keys.map((log) => log.key);
      return (await verifyProof({ proof: await proofOf(id), trustedKeys, now: new Date() })).still;
    };
    for (const id of ids.slice(0, 3))
      await expect.poll(() => stillOf(id), { timeout: 5000 }).toMatchObject({ state: 'revoked', who: 'agency' });
    const text = await proofOf(ids[2]!);
    expect(formatProof(parseProof(text))).toBe(text);

    const { ordinal } = (await service.app.inject(`/v1/records/${ids[3]}/history`)).json<{ ordinal: number }>();
    const range = { first: ordinal - 1, count: 2 };
    const ofRange = async (about: { first: number; count: number }) => ({
      ...change,
      range: about,
      agencySignature: await signatureOf({ range: about }),
    });
    // One of them was revoked before: one signature is no two events.
    expect((await post('/v1/status', await ofRange(range))).json()).toMatchObject({ code: 'status-conflict' });
    const last = await post('/v1/status', await ofRange({ first: ordinal, count: 1 }));
    expect(last.statusCode, last.body).toBe(200);
    await expect.poll(() => stillOf(ids[3]!), { timeout: 5000 }).toMatchObject({ state: 'revoked', who: 'agency' });

    const relied = { v: 1, kind: 'reliance', agency: DOMAIN, record: ids[0], purpose: 'account-opening' };
    const agencySignature = await signAlone(signingInput(relied), key);
    const { purpose } = relied;
    const url = `/v1/records/${ids[0]}/reliances`;
    expect(await refused(url, { purpose: 'other', agencySignature })).toEqual(['/agencySignature/value']);
    const reliance = await post(url, { purpose, agencySignature });
    expect(reliance.json<{ statement: object }>().statement).toMatchObject({ ...relied, agencySignature });
  });

  it('are not lost where the same was said before without them: stored beside it, or refused in so many words', async () => {
    const key = await registered();
    const posted = await post('/v1/records', line('said before').record);
    const { id } = posted.json<{ id: string }>();
    const relied = { v: 1, kind: 'reliance', agency: DOMAIN, record: id, purpose: 'account-opening' };
    const signed = { purpose: relied.purpose, agencySignature: await signAlone(signingInput(relied), key) };
    const rely = async (body: object) =>
      (await post(`/v1/records/${id}/reliances`, body)).json<{
        repeated?: true;
        leafHash: string;
        statement: { agencySignature?: AgencySignature };
      }>();
    const first = await rely({ purpose: relied.purpose });
    const second = await rely(signed);
    expect([
      first.statement.agencySignature,
      first.repeated,
      second.statement.agencySignature,
      second.repeated,
    ]).toEqual([undefined, undefined, signed.agencySignature, undefined]);
    // Whoever says it again, either way, is answered with what weighs more.
    for (const body of [signed, { purpose: relied.purpose }])
      expect(await rely(body)).toMatchObject({
        repeated: true,
        leafHash: second.leafHash,
        statement: second.statement,
      });

    await expect.poll(async () => (await service.app.inject(`/v1/records/${id}/proof`)).statusCode).toBe(200);
    const change = { to: 'revoked', reason: 'misuse', effectiveAt: formatTime(Date.now() - 1000) };
    const input = signingInput({ v: 1, kind: 'status', agency: DOMAIN, record: id, ...change });
    const url = `/v1/records/${id}/status`;
    expect((await post(url, change)).statusCode).toBe(201);
    const late = await post(url, { ...change, agencySignature: await signAlone(input, key) });
    expect(late.json()).toMatchObject({
      code: 'status-conflict',
      detail: expect.stringContaining('by a request without agencySignature') as string,
      standing: { status: 'revoked' },
    });
    expect((await post(url, change)).json()).toMatchObject({ repeated: true });
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
