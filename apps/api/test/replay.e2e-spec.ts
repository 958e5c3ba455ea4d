import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_ENTRIES } from '#audit/log-source.js';
import { equalHashes, leafHash } from '#merkle/hash.js';
import { buildTiles } from '#merkle/tree-levels.js';
import { type BatchEntry, parseBatchEntry } from '#statement/batch-entry.js';
import { parseStatusEntry, STATUS_ENTRY_BYTES } from '#statement/status-entry.js';
import type { StatusEvent } from '#status/event.js';
import { parseStatusPack, rootOfLeaves } from '#status/pack.js';
import { FullTree } from '#status/testing/full-tree.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { readClock } from '#tlog/clock.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { parseNote } from '#tlog/note.js';
import { formatTilePath } from '#tlog/tile-path.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

describe('the status of every record, from public data alone', () => {
  let service: TestService;
  const ids: string[] = [];
  const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers });
  const post = async (url: string, payload: unknown) => {
    const answer = await service.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.json<{ records: { id: string }[] }>();
  };

  beforeAll(async () => {
    service = await startService();
    const permits = Array.from({ length: 300 }, (_, i) => ({
      digests: { sha256: sha256Hex(`permit ${i}`) },
      profile: 'permit@1',
      blinded: true,
    }));
    ids.push(...(await post('/v1/records', permits)).records.map(({ id }) => id));
    await service.seal();
    await post('/v1/status', { to: 'suspended', records: [ids[0], ids[70]] });
    await service.seal();
    await post('/v1/status', { to: 'active', records: [ids[0]] });
    await post('/v1/status', { to: 'revoked', range: { first: 100, count: 150 } });
    await post(`/v1/records/${ids[1]}/reliances`, { purpose: 'audit' });
    await service.seal();
    await post('/v1/records', permits.slice(0, 5));
    await service.seal();
  });
  afterAll(() => service.stop());

  /** The entries of all batches, out of the log's entry bundle. */
  async function batches(): Promise<BatchEntry[]> {
    const { size } = parseCheckpoint(parseNote((await get('/v1/log/checkpoint')).body).text);
    const bundle = await get(`/v1/log/${formatTilePath('entries', 0, size)}`);
    return parseEntryBundle(bundle.rawPayload).map(parseBatchEntry);
  }

  /** The changes of status among the public entries with ordinals `from` up to, not including, `to`. */
  async function events(from: number, to: number): Promise<(StatusEvent & { leaf: Uint8Array })[]> {
    const found: (StatusEvent & { leaf: Uint8Array })[] = [];
    for (let page = Math.floor(from / PAGE_ENTRIES); page * PAGE_ENTRIES < to; page++) {
      const { rawPayload } = await get(`/v1/log/entries/${page}`);
      parseEntryBundle(rawPayload).forEach((item, i) => {
        const ordinal = page * PAGE_ENTRIES + i;
        if (item.length !== STATUS_ENTRY_BYTES || ordinal < from || ordinal >= to) return;
        const { first, count, state, previous } = parseStatusEntry(item);
        found.push({ ordinal, first, count, state, previous, leaf: leafHash(item) });
      });
    }
    return found;
  }

  it('is rebuilt: every batch root from its tiles, every event among its leaves, every status root from the events', async () => {
    const tree = new FullTree();
    const log = await batches();
    expect(log).toHaveLength(4);
    let count = 0;
    for (const { number, size, first, root, statusRoot } of log) {
      const tiles: Buffer[] = [];
      for (let index = 0; index * 256 < size; index++) {
        const path = formatTilePath(0, index, Math.min(256, size - index * 256));
        tiles.push((await get(`/v1/batches/${number}/${path}`)).rawPayload);
      }
      const leaves = Buffer.concat(tiles);
      expect(equalHashes(buildTiles(leaves).root, root), `root of batch ${number}`).toBe(true);
      const own = await events(first, first + size);
      for (const { ordinal, leaf } of own) {
        const at = (ordinal - first) * 32;
        expect(equalHashes(leaves.subarray(at, at + 32), leaf), `event ${ordinal}`).toBe(true);
      }
      count += own.length;
      tree.add(first + size, own);
      expect(equalHashes(tree.root(), statusRoot), `status root of batch ${number}`).toBe(true);
    }
    expect(count).toBe(4);
    const { first, size } = log.at(-1)!;
    expect(await events(0, first + size)).toHaveLength(4);
    expect(await events(301, 302)).toHaveLength(1);
    expect((await get('/v1/batches/0/tile/0/000.p/12')).json()).toMatchObject({ code: 'tile-not-found' });
    expect((await get('/v1/batches/0/tile/entries/000')).json()).toMatchObject({ code: 'tile-not-found' });
    expect((await get('/v1/batches/9/tile/0/000')).json()).toMatchObject({ code: 'batch-not-found' });
  });

  it('is in tiles of the status tree as it was after every batch, with the leaves that they are over', async () => {
    for (const { number, first, size, statusRoot } of await batches()) {
      const count = Math.ceil((first + size) / 64);
      const tile = await get(`/v1/batches/${number}/status/${formatTilePath(0, 0, count)}`);
      expect(tile.headers['cache-control']).toContain('immutable');
      expect(equalHashes(buildTiles(tile.rawPayload).root, statusRoot), `status root of batch ${number}`).toBe(true);
      const bundle = await get(`/v1/batches/${number}/status/${formatTilePath('entries', 0, count)}`);
      const leaves = parseEntryBundle(bundle.rawPayload);
      expect(Buffer.concat(leaves.map((leaf) => leafHash(leaf))).equals(tile.rawPayload)).toBe(true);
    }
    for (const path of ['tile/0/000', 'tile/0/000.p/1', 'tile/0/001', 'tile/1/000.p/1', 'tile/entries/000', 'tile/x']) {
      expect((await get(`/v1/batches/3/status/${path}`)).json(), path).toMatchObject({ code: 'tile-not-found' });
    }
    expect((await get('/v1/batches/9/status/tile/0/000')).json()).toMatchObject({ code: 'batch-not-found' });
  });

  it('is a pack that leads to the status root, whole or from an earlier one on', async () => {
    const log = await batches();
    const { first, size, statusRoot } = log.at(-1)!;
    const whole = await get('/v1/status/pack');
    expect(whole.headers).toMatchObject({ 'sealroot-batch': '3', vary: 'accept-encoding' });
    const { leaves, ...head } = parseStatusPack(new Uint8Array(whole.rawPayload));
    expect(head).toEqual({ batch: 3, records: first + size, since: null });
    expect(equalHashes(rootOfLeaves(leaves, first + size), statusRoot)).toBe(true);
    const zipped = await get('/v1/status/pack', { 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    const changed = parseStatusPack(new Uint8Array((await get('/v1/status/pack?since=1')).rawPayload));
    expect(changed).toMatchObject({ batch: 3, since: 1 });
    expect([...changed.leaves.keys()]).toEqual([0, 1, 2, 3]);
    const none = parseStatusPack(new Uint8Array((await get('/v1/status/pack?since=2')).rawPayload));
    expect(none.leaves.size).toBe(0);
    expect((await get('/v1/status/pack', { 'if-none-match': whole.headers['etag'] as string })).statusCode).toBe(304);
    expect((await get('/v1/status/pack?since=4')).json()).toMatchObject({ code: 'batch-not-found' });
  });

  it('is a status list that a stock client reads', async () => {
    const answer = await get('/v1/status-lists/0');
    expect(answer.headers['content-type']).toBe('application/statuslist+jwt');
    const jwks = (await get('/.well-known/jwks.json')).json<JSONWebKeySet>();
    const { payload } = await jwtVerify(answer.body, createLocalJWKSet(jwks), { typ: 'statuslist+jwt' });
    expect(payload).toMatchObject({ ttl: 60, status_list: { bits: 4 } });
    expect(payload.sub).toMatch(/^https?:\/\/.*\/v1\/status-lists\/0$/);
    expect(payload.exp! - payload.iat!).toBe(3600);
    const list = getListFromStatusListJWT(answer.body);
    expect([0, 1, 70, 99, 100, 249, 250, 131_071].map((i) => list.getStatus(i))).toEqual([0, 0, 2, 0, 1, 1, 0, 0]);
    expect((await get('/v1/status-lists/1')).json()).toMatchObject({ code: 'batch-not-found' });
  });

  it("is fresh by the log's own clock also where nothing is sealed", async () => {
    const key = parseVerifierKey((await get('/v1/log/key')).body.trim());
    const plain = parseNote((await get('/v1/log/checkpoint')).body);
    expect(readClock(plain, key.name, key.publicKey)).toEqual({ status: 'none' });
    const before = Math.floor(Date.now() / 1000);
    const [a, b] = await Promise.all([get('/v1/log/checkpoint?clock=true'), get('/v1/log/checkpoint?clock=true')]);
    const clock = readClock(parseNote(a.body), key.name, key.publicKey);
    expect(clock).toMatchObject({ status: 'shown' });
    if (clock.status === 'shown') expect(clock.timestamp).toBeGreaterThanOrEqual(before);
    expect(parseNote(a.body).text).toBe(plain.text);
    expect(parseNote(b.body).text).toBe(plain.text);
  });
});
