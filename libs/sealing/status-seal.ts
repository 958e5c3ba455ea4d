import { equalHashes } from '#merkle/hash.js';
import { StatusError } from '#status/error.js';
import type { StatusEvent } from '#status/event.js';
import { untouchedRoot } from '#status/node.js';
import { statusPath, statusRoot } from '#status/path.js';
import type { EventState } from '#status/state.js';
import { type StatusChange, statusNeeds, type StatusParts } from '#status/update.js';
import { verifyStatus } from '#status/verify.js';
import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';
import { nativeSha256 } from './native-sha256.js';
import { StatusNodes } from './status-nodes.js';
import type { PackedUpdate } from './status-packing.js';

/** Updates the status tree, as {@link BatchTreeThread} does. */
export type ApplyStatus = (change: StatusChange, parts: StatusParts) => Promise<PackedUpdate>;

/** The batch that is being sealed, as the status vector sees it. */
export interface StatusBatch {
  number: number;
  /** Entries in all earlier batches. */
  first: number;
  /** Entries in it. */
  size: number;
  /** Its chunks that hold events, and where each begins in the batch. */
  eventChunks: readonly { id: string; offset: number }[];
}

/**
 * The status root after a batch; stores what its events touched, in the transaction of `client`, so that it is there with the batch or not at all.
 * Without events it reads a few tiles at the most and stores nothing, but for a tree that grows taller.
 *
 * @throws SealError `bad-tree` when an event is not allowed where it stands or the tree does not pass its check: nothing must be signed
 */
export async function sealStatus(client: Queryable, batch: StatusBatch, apply: ApplyStatus): Promise<Uint8Array> {
  const { number, first, size } = batch;
  const records = first + size;
  const events = await readEvents(client, batch);
  const change: StatusChange = { before: first, after: records, events };
  const problem = (detail: string, cause?: unknown) =>
    new SealError('bad-tree', `Sealing batch ${number}: the status vector: ${detail}`, { cause });
  let update: PackedUpdate;
  try {
    const before = new StatusNodes(client, number - 1);
    const needs = statusNeeds(change);
    const tiles = await before.tiles(needs.tiles);
    // Of the tiles that stand for the whole tree none was ever touched: so was nothing.
    if (events.length === 0 && tiles.size === 0) return untouchedRoot(records);
    update = await apply(change, { leaves: await before.leaves(needs.leaves), tiles });
  } catch (error) {
    if (error instanceof StatusError) throw problem(error.message, error);
    throw error;
  }
  await store(client, number, update);

  // Checked as stored, by code that did not compute it: a wrong root must not be signed.
  const after = new StatusNodes(client, number);
  if (!equalHashes(await statusRoot(after, records, nativeSha256), update.root)) {
    throw problem('what was stored leads to another root');
  }
  const last = events.at(-1);
  if (last !== undefined) {
    const ordinal = last.first + last.count - 1;
    const path = await statusPath(after, ordinal, records, nativeSha256);
    const answer = verifyStatus({ ordinal, records, root: update.root, ...path });
    if (!answer.holds || answer.state !== last.state || answer.lastEvent !== last.ordinal) {
      throw problem(`the path of record ${ordinal} does not show event ${last.ordinal}`);
    }
  }
  return update.root;
}

/** The events of a batch in the order of their ordinals. */
async function readEvents(client: Queryable, { first, eventChunks }: StatusBatch): Promise<StatusEvent[]> {
  if (eventChunks.length === 0) return [];
  const { rows } = await client.query<{
    ordinal: string;
    first: string;
    count: number;
    state: number;
    previous: string | null;
  }>(
    `SELECT $1::bigint + c."offset" + e."position" AS "ordinal", e."first_ordinal" AS "first", e."count", e."state", e."previous"
     FROM unnest($2::bigint[], $3::int[]) AS c("id", "offset") JOIN "status_event" e ON e."chunk_id" = c."id"
     ORDER BY "ordinal"`,
    [first, eventChunks.map(({ id }) => id), eventChunks.map(({ offset }) => offset)],
  );
  return rows.map((row) => ({
    ordinal: Number(row.ordinal),
    first: Number(row.first),
    count: row.count,
    state: row.state as EventState,
    previous: row.previous === null ? null : Number(row.previous),
  }));
}

/** Stores what changed; the server cuts it up, so that it travels as two binary values. */
async function store(client: Queryable, number: number, update: PackedUpdate): Promise<void> {
  if (update.leafIndexes.length > 0) {
    await client.query(
      `INSERT INTO "status_leaf" ("index", "batch_number", "bytes")
       SELECT "index", $1, substring($2::bytea FROM "from"::int FOR "length")
       FROM unnest($3::bigint[], $4::int[], $5::int[]) AS a("index", "length", "from")`,
      [number, update.leaves.bytes, update.leafIndexes, update.leaves.lengths, starts(update.leaves.lengths)],
    );
  }
  if (update.tileLevels.length > 0) {
    await client.query(
      `INSERT INTO "status_tile" ("level", "index", "batch_number", "hashes")
       SELECT "level", "index", $1, substring($2::bytea FROM (512 * ("n" - 1) + 1)::int FOR 512)
       FROM unnest($3::smallint[], $4::bigint[]) WITH ORDINALITY AS a("level", "index", "n")`,
      [number, update.tiles.bytes, update.tileLevels, update.tileIndexes],
    );
  }
}

/** Where each of consecutive parts begins, from 1, as SQL counts. */
function starts(lengths: readonly number[]): number[] {
  let at = 1;
  return lengths.map((length) => {
    const from = at;
    at += length;
    return from;
  });
}
