import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Batch } from '#database/batch.repository.js';
import { LogTree } from '#sealing/log-tree.js';
import { readEntry } from '#sealing/read-entry.js';
import { type LoggedEvent, StatusReader } from '#sealing/status-reader.js';
import { LEAF_ORDINALS, type StatusLeaf } from '#status/leaf.js';
import { toBase64, toHexList } from './proof-text.js';
import type { StatusHead } from './status-heads.js';

/** Memory for leaves and their paths, in characters: about two thousand each. */
const CACHE_CHARACTERS = 16 * 1024 * 1024;

/** What a leaf costs beyond its text: its states and events, and what holds them. */
const LEAF_OVERHEAD = 1200;

/** Paths of batches kept for each checkpoint: about a thousand characters each. */
const CACHE_PATHS = 4096;

/** A status leaf as of some size of the log. */
interface LeafPart {
  json: string;
  parsed: StatusLeaf;
}

/** Writes what a proof says of a record's status. What 64 records share of it, or all of a batch, is made once. */
@Injectable()
export class StatusPart {
  readonly #leaves = new LRUCache<string, LeafPart, { ordinal: number; logSize: number }>({
    maxSize: CACHE_CHARACTERS,
    sizeCalculation: ({ json }) => json.length + LEAF_OVERHEAD,
    fetchMethod: (_key, _stale, { context: { ordinal, logSize } }) => this.#makeLeaf(ordinal, logSize),
  });
  readonly #paths = new LRUCache<string, string, { number: number; logSize: number }>({
    max: CACHE_PATHS,
    fetchMethod: async (_key, _stale, { context: { number, logSize } }) =>
      toHexList(await this.logTree.inclusionPath(number, logSize)),
  });

  constructor(
    private readonly reader: StatusReader,
    private readonly logTree: LogTree,
  ) {}

  /** Member `status` of the proof of the record at `index` of `batch`, as of the log under `head`: canonical JSON, from parts that are that already.
   * `elsewhere`: anchors whose attestation of that checkpoint the proof holds among those of the log. And the statements, canonical JSON, of the events in it. */
  async of(
    batch: Batch,
    index: number,
    head: StatusHead,
    elsewhere: ReadonlySet<string>,
  ): Promise<{ json: string; statements: string[] }> {
    const ordinal = readEntry(batch.entry).first + index;
    const [{ json, parsed }, path] = await Promise.all([
      this.#leaf(ordinal, head.size),
      this.#path(batch.number, head.size),
    ]);
    const events = await this.reader.history(ordinal, parsed, head.size);
    const attestations = head.attestations.filter(({ anchor }) => !elsewhere.has(anchor)).map((one) => one.json);
    const checkpoint = `{"attestations":[${attestations.join()}],"note":${head.noteJson},"path":${path}}`;
    return {
      json: `{"batch":${head.batch},"checkpoint":${checkpoint},"events":[${events.map(eventJson).join()}],"leaf":${json}}`,
      statements: events.map(({ statement }) => statement),
    };
  }

  async #leaf(ordinal: number, logSize: number): Promise<LeafPart> {
    const key = `${logSize}/${Math.floor(ordinal / LEAF_ORDINALS)}`;
    return this.#leaves.get(key) ?? (await this.#leaves.forceFetch(key, { context: { ordinal, logSize } }));
  }

  async #makeLeaf(ordinal: number, logSize: number): Promise<LeafPart> {
    const { leaf, path, parsed } = await this.reader.leaf(ordinal, logSize);
    return { json: `{"path":${toHexList(path)},"value":"${toBase64(leaf)}"}`, parsed };
  }

  /** Path of a batch in the log, as JSON. */
  async #path(number: number, logSize: number): Promise<string> {
    const key = `${number}/${logSize}`;
    return this.#paths.get(key) ?? (await this.#paths.forceFetch(key, { context: { number, logSize } }));
  }
}

function eventJson({ batch, entry, index, path, statement }: LoggedEvent): string {
  return (
    `{"batch":{"entry":"${toBase64(batch.entry)}","path":${toHexList(batch.path)}},"entry":"${toBase64(entry)}",` +
    `"index":${index},"path":${toHexList(path)},"statement":${statement}}`
  );
}
