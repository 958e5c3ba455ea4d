import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import { type SealedEvent, StatusEventRepository } from '#database/status-event.repository.js';
import type { BatchEntry } from '#statement/batch-entry.js';
import type { ChangedState } from '#statement/status-change.js';
import { formatStatusEntry } from '#statement/status-entry.js';
import { LEAF_ORDINALS, parseStatusLeaf, type StatusLeaf } from '#status/leaf.js';
import { UNTOUCHED } from '#status/state.js';
import { BatchPaths } from './batch-paths.js';
import { SealError } from './error.js';
import { LogTree } from './log-tree.js';
import { readEntry } from './read-entry.js';
import { StatusPaths } from './status-paths.js';

/** A batch entry and what shows it in the log. */
export interface LoggedBatch {
  /** As the log hashes it. */
  entry: Uint8Array;
  /** The same, read. */
  batch: BatchEntry;
  /** Path of the entry in the log of the size that was asked for: 32 bytes each, the leaf's sibling first. */
  path: Uint8Array[];
}

/** An event and what shows it in its batch, and the batch in the log. */
export interface LoggedEvent {
  ordinal: number;
  /** 79 bytes, as the batch hashes it. */
  entry: Uint8Array;
  /** Canonical JSON. */
  statement: string;
  /** Index of the entry in its batch, and its path there: 32 bytes each, the leaf's sibling first. */
  index: number;
  path: Uint8Array[];
  /** Its batch, in the log of the size that was asked for. */
  batch: LoggedBatch;
}

/** A status leaf as of one size of the log, with what shows it. */
export interface LoggedLeaf {
  /** 32 to 544 bytes. */
  leaf: Uint8Array;
  /** Path of the leaf to the status root of the last batch: 32 bytes each, the leaf's sibling first. */
  path: Uint8Array[];
  /** States of its 64 ordinals, and the ordinals of their latest events. */
  parsed: StatusLeaf;
}

/**
 * Reads the status of records as it was at any size of the log, with everything that shows it. What it costs grows with the logarithm of the log
 * and with the number of events about the record, and what all records share at one size is kept.
 */
@Injectable()
export class StatusReader {
  constructor(
    private readonly batches: BatchRepository,
    private readonly events: StatusEventRepository,
    private readonly batchPaths: BatchPaths,
    private readonly statusPaths: StatusPaths,
    private readonly logTree: LogTree,
  ) {}

  /** Batch `number` in the log of size `logSize`; the last batch of a log has the number `logSize` − 1, and its status root is the log's.
   * @throws SealError `no-such-node`; MerkleError `bad-index` when the log of that size does not hold it */
  async batch(number: number, logSize: number): Promise<LoggedBatch> {
    const { entry } = await this.#stored(number);
    return { entry, batch: readEntry(entry), path: await this.logTree.inclusionPath(number, logSize) };
  }

  /** The leaf that speaks of the record of this ordinal as of the log of size `logSize`, at least 1: the same for 64 of them, from a multiple of 64.
   * @throws SealError `no-such-node`; StatusError `bad-ordinal` when that log did not hold the record */
  async leaf(ordinal: number, logSize: number): Promise<LoggedLeaf> {
    const { first, size } = readEntry((await this.#stored(logSize - 1)).entry);
    const { leaf, path } = await this.statusPaths.find(logSize - 1, ordinal, first + size);
    return { leaf, path, parsed: parseStatusLeaf(leaf) };
  }

  /** Every event about this ordinal, by its leaf as of the log of size `logSize`, newest first. */
  async history(ordinal: number, { states, lastEvents }: StatusLeaf, logSize: number): Promise<LoggedEvent[]> {
    const k = ordinal % LEAF_ORDINALS;
    return states[k] === UNTOUCHED ? [] : this.eventsFrom(lastEvents[k]!, logSize);
  }

  /** The event of ordinal `newest` and every one before it about the same record, newest first, in the log of size `logSize`, which holds them.
   * @throws MerkleError `bad-index` when it does not */
  async eventsFrom(newest: number, logSize: number): Promise<LoggedEvent[]> {
    const events = await this.events.history(newest);
    return Promise.all(events.map((event) => this.#logged(event, logSize)));
  }

  async #logged(event: SealedEvent, logSize: number): Promise<LoggedEvent> {
    const { ordinal, batch: number, index, statement } = event;
    const { size } = await this.#stored(number);
    const [path, batch] = await Promise.all([
      this.batchPaths.inclusionPath(number, index, size),
      this.batch(number, logSize),
    ]);
    return { ordinal, entry: statusEntry(event), statement, index, path, batch };
  }

  async #stored(number: number) {
    const batch = await this.batches.find(number);
    if (batch !== null) return batch;
    throw new SealError('no-such-node', `Reading the log: there is no batch ${number}`);
  }
}

/** The bytes of an event's entry. */
export function statusEntry({ first, count, state, effectiveAt, previous, statement }: SealedEvent): Uint8Array {
  return formatStatusEntry({
    first,
    count,
    state: state as ChangedState,
    effectiveAtMs: effectiveAt.getTime(),
    previous,
    statementHash: hash('sha256', statement, 'buffer'),
  });
}
