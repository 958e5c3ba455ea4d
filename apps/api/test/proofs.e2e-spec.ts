import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDetachedFile } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { serializeTimestamp } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { pathIntoBlock, sampleBlock, sampleBlockSource } from '#proof/testing/sample-block.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { parseTlogProof } from '#tlog/tlog-proof.js';
import { expectMismatch, sha256Hex, verifyFromPublicData } from './public-proof.js';
import { expectStatusShown } from './public-status.js';
import { parseProof } from '#proof/proof.js';
import { startService, type TestService } from './service.js';

/** Longer than anchoring is taken as current. */
const FRESH_MS = 1100;
const HEIGHT = 321;

describe('proofs', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ ANCHORS: 'opentimestamps' });
  });
  afterAll(() => service.stop());

  const lodge = async (documents: string[], more: object = {}): Promise<string[]> => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: documents.map((document) => ({
        digests: { sha256: sha256Hex(document) },
        profile: 'generic@1',
        ...more,
      })),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<{ records: { id: string }[] }>().records.map(({ id }) => id);
  };

  const newestCheckpoint = async () =>
    parseCheckpoint(parseNote((await service.app.inject('/v1/log/checkpoint')).body).text);

  const store = async (size: number, state: string, attestation: Uint8Array | null, detail: string) => {
    await service.database.pool.query(
      `INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "attestation", "detail", "submitted_at", "confirmed_at")
       VALUES ('opentimestamps', $1, $2, $3, $4, now(), CASE WHEN $2 IN ('confirmed', 'final') THEN now() END)
       ON CONFLICT ("anchor", "checkpoint_size") DO UPDATE SET "state" = $2, "attestation" = $3, "detail" = $4, "confirmed_at" = excluded."confirmed_at"`,
      [size, state, attestation && Buffer.from(attestation), detail],
    );
    await new Promise((resolve) => setTimeout(resolve, FRESH_MS));
  };

  it('do not exist before sealing, and say when to come again', async () => {
    const [id] = await lodge(['waiting']);
    const answer = await service.app.inject(`/v1/records/${id}/proof`);
    expect(answer.json()).toMatchObject({ status: 404, code: 'proof-not-ready' });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await service.app.inject(`/v1/records/${id}`)).json()).toMatchObject({
      id,
      stage: 'accepted',
      anchors: [],
    });
    const unknown = await service.app.inject('/v1/records/019cae01-0e7b-7a35-8d21-6f0c1b2a3948/proof');
    expect(unknown.json()).toMatchObject({ status: 404, code: 'record-not-found' });
    await service.seal();
    await verifyFromPublicData(service.app, id!, 'waiting');
  });

  it('grow from sealed to pending to confirmed under one address, with an ETag that follows', async () => {
    const [id] = await lodge(['grows']);
    await service.seal();
    const url = `/v1/records/${id}/proof`;
    const sealed = await service.app.inject(url);
    expect(sealed.headers).toMatchObject({
      'content-type': 'application/vnd.sealroot.proof+json; charset=utf-8',
      'cache-control': 'public, max-age=5',
      vary: 'accept, authorization',
    });
    const etag = sealed.headers.etag as string;
    const same = await service.app.inject({ url, headers: { 'if-none-match': `"x", W/${etag}` } });
    expect(same.statusCode).toBe(304);
    expect(same.body).toBe('');
    expect(same.headers.etag).toBe(etag);
    expect((await service.app.inject(`${url}?format=ots`)).json()).toMatchObject({
      status: 404,
      code: 'proof-not-ready',
    });
    expect((await service.app.inject(`/v1/records/${id}`)).json()).toMatchObject({
      stage: 'sealed',
      anchors: [{ anchor: 'opentimestamps', state: 'unsubmitted', checkpointSize: null }],
    });

    // A later checkpoint is the one that is anchored: the proof gets it beside the earliest.
    const [later] = await lodge(['later']);
    await service.seal();
    const { size, root } = await newestCheckpoint();
    await store(size, 'unsubmitted', null, 'no calendar reachable');
    expect((await service.app.inject(url)).headers.etag).toBe(etag);
    const pending = pathFrom(root)
      .append(Uint8Array.of(1))
      .sha256()
      .end([{ type: 'pending', uri: 'https://calendar.example' }]);
    await store(size, 'pending', serializeTimestamp(pending), 'submitted to 2 of 4 calendars');
    const grown = await service.app.inject({ url, headers: { 'if-none-match': etag } });
    expect(grown.statusCode).toBe(200);
    const { verdict, proof } = await verifyFromPublicData(service.app, id!, 'grows');
    expect(verdict).toBe('pending');
    expect(proof.log.checkpoints.map(({ attestations }) => attestations.length)).toEqual([0, 1]);
    expect((await service.app.inject(`/v1/records/${id}`)).json()).toMatchObject({
      stage: 'sealed',
      anchors: [{ state: 'pending', detail: 'submitted to 2 of 4 calendars', checkpointSize: size }],
    });

    const intoBlock = pathIntoBlock(root, HEIGHT);
    const block = sampleBlock(HEIGHT, intoBlock.message, Math.floor(Date.now() / 1000));
    await store(
      size,
      'final',
      serializeTimestamp(intoBlock.end([{ type: 'bitcoin', height: HEIGHT }])),
      'in block 321',
    );
    // A long reorganisation may still undo a young one.
    expect((await service.app.inject(url)).headers['cache-control']).toBe('public, max-age=5');
    await service.database.pool.query(
      `UPDATE "submission" SET "confirmed_at" = now() - interval '25 hours' WHERE "state" = 'final'`,
    );
    await new Promise((resolve) => setTimeout(resolve, FRESH_MS));
    const final = await service.app.inject(`${url}?status=none`);
    expect(final.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    // The status moves on.
    expect((await service.app.inject(url)).headers['cache-control']).toMatch(/^public, max-age=([1-9]|10)$/);
    const anchored = parseProof((await service.app.inject(`${url}?status=anchored`)).body);
    // What attests the checkpoint of the status stands among the log's already.
    const shown = anchored.log.checkpoints.at(-1)!;
    expect(shown.attestations).toMatchObject([{ type: 'opentimestamps' }]);
    expect(anchored.status?.checkpoint).toMatchObject({ note: shown.note, attestations: [] });
    expect(expectStatusShown(anchored)).toMatchObject({ statuses: [], size });
    for (const [record, document] of [
      [id!, 'grows'],
      [later!, 'later'],
    ] as const) {
      const result = await verifyFromPublicData(service.app, record, document, [sampleBlockSource([block])]);
      expect(result.verdict).toBe('authentic');
      expect(result.when.notAfter?.by).toMatchObject({ height: HEIGHT });
      await expectMismatch(service.app, record);
    }
    expect((await service.app.inject(`/v1/records/${id}`)).json()).toMatchObject({
      stage: 'final',
      anchors: [{ state: 'final' }],
    });
    const lookup = await service.app.inject(`/v1/lookup/sha256/${sha256Hex('grows')}`);
    expect(lookup.json()).toMatchObject({ records: [{ id, agency: 'records.example.gov', stage: 'final' }] });

    const ots = await service.app.inject({ url, headers: { accept: 'application/vnd.opentimestamps.v1' } });
    expect(ots.headers['content-type']).toBe('application/vnd.opentimestamps.v1');
    const file = parseDetachedFile(new Uint8Array(ots.rawPayload));
    expect(Buffer.from(file.digest).toString('hex')).toBe(sha256Hex('grows'));
    const [found] = listAttestations(file.timestamp);
    expect(found).toMatchObject({ attestation: { type: 'bitcoin', height: HEIGHT } });
    expect(Buffer.from(found!.message)).toEqual(Buffer.from(intoBlock.message));
  });

  it('prefer a confirmed later checkpoint to a pending earlier one', async () => {
    const [id] = await lodge(['confirmed later']);
    await service.seal();
    const earlier = await newestCheckpoint();
    const [other] = await lodge(['another batch']);
    await service.seal();
    const later = await newestCheckpoint();
    await store(
      earlier.size,
      'pending',
      serializeTimestamp(pathFrom(earlier.root).end([{ type: 'pending', uri: 'https://a.example' }])),
      'waits',
    );
    const intoBlock = pathIntoBlock(later.root, HEIGHT);
    await store(
      later.size,
      'confirmed',
      serializeTimestamp(intoBlock.end([{ type: 'bitcoin', height: HEIGHT }])),
      'in block 321',
    );
    const block = sampleBlock(HEIGHT, intoBlock.message, Math.floor(Date.now() / 1000));
    for (const [record, document] of [
      [id!, 'confirmed later'],
      [other!, 'another batch'],
    ] as const) {
      expect((await verifyFromPublicData(service.app, record, document, [sampleBlockSource([block])])).verdict).toBe(
        'authentic',
      );
    }
    // The earlier one may still be confirmed and take its place: not immutable.
    expect((await service.app.inject(`/v1/records/${id}/proof`)).headers['cache-control']).toBe('public, max-age=5');
  });

  it('come as C2SP tlog-proofs', async () => {
    const [id] = await lodge(['for tlog', 'beside it']);
    await service.seal();
    const url = `/v1/records/${id}/proof`;
    const inBatch = await service.app.inject({ url, headers: { accept: 'text/plain' } });
    expect(inBatch.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    });
    const { proof } = await verifyFromPublicData(service.app, id!, 'for tlog');
    expect(parseTlogProof(inBatch.body)).toMatchObject({
      index: proof.batch.index,
      checkpoint: proof.batch.checkpoint,
    });
    const inLog = await service.app.inject(`${url}?format=tlog-proof&tree=log`);
    expect(parseTlogProof(inLog.body).checkpoint).toBe(proof.log.checkpoints[0]!.note);
  });

  it('choose the format by query, then by Accept, and refuse others', async () => {
    const [id] = await lodge(['formats']);
    await service.seal();
    const type = async (query: string, accept?: string) => {
      const answer = await service.app.inject({
        url: `/v1/records/${id}/proof${query}`,
        headers: accept ? { accept } : {},
      });
      return answer.statusCode === 200 ? answer.headers['content-type'] : answer.json<{ code: string }>().code;
    };
    expect(await type('')).toBe('application/vnd.sealroot.proof+json; charset=utf-8');
    expect(await type('', 'text/html,application/xhtml+xml,*/*;q=0.8')).toBe(
      'application/vnd.sealroot.proof+json; charset=utf-8',
    );
    expect(await type('', 'application/json;q=0.5, text/plain')).toBe('text/plain; charset=utf-8');
    expect(await type('?format=json', 'text/plain')).toBe('application/vnd.sealroot.proof+json; charset=utf-8');
    expect(await type('', 'image/png')).toBe('not-acceptable');
    for (const query of [
      '?format=xml',
      '?tree=log',
      '?format=tlog-proof&tree=x',
      '?fromat=ots',
      '?format=json&format=ots',
    ]) {
      expect(await type(query), query).toBe('bad-request');
    }
    await verifyFromPublicData(service.app, id!, 'formats');
  });

  it('answer many readers of many records at once', async () => {
    const documents = Array.from({ length: 600 }, (_, i) => `crowd ${i}`);
    const ids = await lodge(documents);
    await service.seal();
    const statuses = await Promise.all(
      [...ids, ...ids].map(async (id) => (await service.app.inject(`/v1/records/${id}/proof`)).statusCode),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const i of [0, 255, 256, 599]) await verifyFromPublicData(service.app, ids[i]!, documents[i]!);
  });

  it('of a record without SHA-256 have no OpenTimestamps form', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: { digests: { sm3: 'ab'.repeat(32) }, profile: 'generic@1' },
    });
    const { id } = answer.json<{ id: string }>();
    await service.seal();
    const { size, root } = await newestCheckpoint();
    await store(
      size,
      'pending',
      serializeTimestamp(pathFrom(root).end([{ type: 'pending', uri: 'https://a.example' }])),
      'waits',
    );
    expect((await service.app.inject(`/v1/records/${id}/proof?format=ots`)).json()).toMatchObject({
      code: 'format-unavailable',
    });
    expect((await service.app.inject(`/v1/lookup/sm3/${'ab'.repeat(32)}`)).json()).toMatchObject({ records: [{ id }] });
    expect((await service.app.inject(`/v1/lookup/sha256/${'ab'.repeat(32)}`)).json()).toMatchObject({ records: [] });
  });
});
