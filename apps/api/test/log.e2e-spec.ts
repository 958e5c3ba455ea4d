import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { consistencyPath, inclusionPath, TILE_WIDTH, type TileSource, treeRoot } from '#merkle/tile.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { batchOrigin, parseBatchEntry } from '#statement/batch-entry.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { formatTilePath } from '#tlog/tile-path.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { startService, type TestService } from './service.js';

const BATCHES = 261;

interface Batch {
  number: number;
  size: number;
  root: string;
  checkpointSize: number;
  entry: string;
  checkpoint: string;
  logCheckpoint: string;
}

describe('the public log', () => {
  let service: TestService;
  const ids: string[] = [];
  const get = (url: string) => service.app.inject(url);

  beforeAll(async () => {
    service = await startService();
    expect((await get('/v1/log/checkpoint')).json()).toMatchObject({ status: 404, code: 'log-empty' });
    for (let i = 0; i < BATCHES; i++) {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/v1/records',
        headers: { authorization: `Bearer ${service.key}` },
        payload: { digests: { sha256: sha256Hex(`batch ${i}`) }, profile: 'generic@1' },
      });
      ids.push(answer.json<{ id: string }>().id);
      await service.seal();
    }
  });
  afterAll(() => service.stop());

  it('compares a checkpoint that an agency shows, and takes none that is not its own', async () => {
    const show = (checkpoint: string, key = service.key) =>
      service.app.inject({
        method: 'POST',
        url: '/v1/log/checkpoint',
        headers: { authorization: `Bearer ${key}` },
        payload: { checkpoint },
      });
    const newest = (await get('/v1/log/checkpoint')).body;
    expect((await show(newest)).json()).toEqual({ known: true });
    expect((await show(newest.replace(/\n\d+\n/, '\n9999\n'))).json()).toMatchObject({
      status: 422,
      code: 'invalid-body',
    });
    expect((await show(newest, 'sr_abcdefgh_wrong')).statusCode).toBe(401);
  });

  /** Reads tiles over HTTP, as an auditor would. */
  const tiles = (size: number): TileSource => ({
    tile: async (level, index) => {
      const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH);
      const answer = await get(`/v1/log/${formatTilePath(level, index, width)}`);
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      return new Uint8Array(answer.rawPayload);
    },
  });

  it('can be audited from its tiles, entries and checkpoints alone', async () => {
    const key = parseVerifierKey((await get('/v1/log/key')).body.trim());
    const note = (await get('/v1/log/checkpoint')).body;
    expect(verifyNote(parseNote(note), [key])).toMatchObject({ verified: [expect.anything()], failed: [] });
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    expect({ origin, size }).toEqual({ origin: 'test.example/log', size: BATCHES });
    expect(await treeRoot(size, tiles(size))).toEqual(new Uint8Array(root));

    const bundles = await Promise.all(
      [formatTilePath('entries', 0), formatTilePath('entries', 1, BATCHES - TILE_WIDTH)].map(async (path) => {
        const answer = await get(`/v1/log/${path}`);
        return parseEntryBundle(new Uint8Array(answer.rawPayload));
      }),
    );
    const entries = bundles.flat();
    expect(entries).toHaveLength(BATCHES);
    for (const number of [0, 1, 255, 256, BATCHES - 1]) {
      const leaf = leafHash(entries[number]!);
      const path = await inclusionPath(number, size, tiles(size));
      expect(verifyInclusion({ leaf, index: number, size, path, root })).toBe(true);
      expect(parseBatchEntry(entries[number]!)).toMatchObject({ origin, number, size: 1 });
    }

    const earlier = (await get('/v1/batches/99')).json<Batch>();
    const before = parseCheckpoint(parseNote(earlier.logCheckpoint).text);
    const path = await consistencyPath(before.size, size, tiles(size));
    expect(verifyConsistency({ size1: before.size, root1: before.root, size2: size, root2: root, path })).toBe(true);
    await verifyFromPublicData(service.app, ids[99]!, 'batch 99');
    await verifyFromPublicData(service.app, ids[0]!, 'batch 0');
  });

  it('lists its batches newest first, page by page, and shows each', async () => {
    const first = (await get('/v1/batches')).json<{ batches: Batch[] }>().batches;
    expect(first.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => BATCHES - 1 - i));
    const next = (await get(`/v1/batches?before=${first.at(-1)!.number}&limit=200`)).json<{ batches: Batch[] }>()
      .batches;
    expect(next[0]?.number).toBe(BATCHES - 21);
    expect(next).toHaveLength(200);
    expect((await get('/v1/batches?before=0')).json()).toEqual({ batches: [] });

    const batch = (await get('/v1/batches/7')).json<Batch>();
    expect(batch).toMatchObject({ number: 7, size: 1, checkpointSize: 8, anchors: [] });
    const entry = parseBatchEntry(new Uint8Array(Buffer.from(batch.entry, 'base64')));
    expect(Buffer.from(entry.root).toString('hex')).toBe(batch.root);
    expect(parseCheckpoint(parseNote(batch.checkpoint).text).origin).toBe(batchOrigin('test.example/log', 7));
    expect((await get('/v1/batches/999')).json()).toMatchObject({ status: 404, code: 'batch-not-found' });
    await verifyFromPublicData(service.app, ids[7]!, 'batch 7');
  });

  it('shows of every entry its leaf hash, by pages over all batches', async () => {
    const answer = await get('/v1/log/entries/0');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=1',
    });
    const leaves = parseEntryBundle(new Uint8Array(answer.rawPayload));
    expect(leaves).toHaveLength(BATCHES);
    for (const number of [0, 255, 256, BATCHES - 1]) {
      const { root } = (await get(`/v1/batches/${number}`)).json<Batch>();
      expect(Buffer.from(leaves[number]!).toString('hex')).toBe(root);
    }
    for (const page of ['1', '9007199254740990'])
      expect((await get(`/v1/log/entries/${page}`)).json(), page).toMatchObject({ code: 'tile-not-found' });
    expect((await get('/v1/log/entries/01')).json()).toMatchObject({ code: 'bad-request' });
  });

  it('has no tile beyond its size and none under another name', async () => {
    for (const path of [
      'tile/0/001.p/6',
      'tile/1/000.p/2',
      'tile/2/000.p/1',
      'tile/entries/001',
      'tile/0/1',
      'tile/0/000.p/0',
      'tile/x',
      'tile/',
    ]) {
      expect((await get(`/v1/log/${path}`)).statusCode, path).toBe(404);
    }
  });
});
