import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { leafHash } from '#merkle/hash.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import { type BatchEntry, batchOrigin, formatBatchEntry } from '#statement/batch-entry.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, type RecordStatement } from '#statement/statement.js';
import { CHANGED_STATUSES } from '#statement/status-change.js';
import { formatStatusEntry, type StatusEntry } from '#statement/status-entry.js';
import { formatStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { formatTime, parseTime } from '#statement/time.js';
import type { StatusEvent } from '#status/event.js';
import { FullTree } from '#status/testing/full-tree.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import type { ProofCheckpoint } from '../checkpoint.js';
import type { Proof } from '../proof.js';
import { formatPath } from './format-path.js';
import type { LoggedBatch, StatusProof, StatusProofEvent } from '../status-proof.js';
import { treePath, treeRoot } from './sample-tree.js';

const ORIGIN = 'log.example/sealroot';
/** Of the first batch; each further one is sealed a minute later. */
const START_MS = Date.parse('2026-03-01T08:00:00.000Z');
const MINUTE_MS = 60_000;

/** A record of the sample log. */
export interface SampleRecord {
  statement: RecordStatement;
  id: string;
  batch: number;
  index: number;
  ordinal: number;
}

/** A change that is to be logged: of one record, or of a range of ordinals. */
export interface SampleChange {
  of: SampleRecord | { first: number; count: number };
  to: StatusStatement['to'];
  /** The record's own agency unless given. */
  agency?: string;
  reason?: string;
  by?: string;
  /** When its batch is received unless given. */
  effectiveAt?: string;
  /** The event that it says it follows; the record's latest unless given. */
  previous?: number | null;
  /** Signs it for its agency. */
  sign?: (statement: StatusStatement) => AgencySignature;
  /** What its entry says in place of what its statement does. */
  lie?: Partial<StatusEntry>;
}

interface Event {
  change: StatusEvent;
  statement: StatusStatement;
  entry: Uint8Array;
  batch: number;
  index: number;
}

interface Batch {
  first: number;
  leaves: Uint8Array[];
  root: Uint8Array;
  entry: Uint8Array;
}

/** A log in memory, of few and small batches, with the status of its records, by the definitions; it seals whatever it is told to. */
export class SampleLog {
  readonly #batches: Batch[] = [];
  readonly #trees: FullTree[] = [];
  readonly #events: Event[] = [];
  readonly #changes: StatusEvent[][] = [];
  readonly #signer = (name: string) => ed25519NoteSigner(name, sha256(utf8ToBytes('sample log key')));
  readonly key = formatVerifierKey(ORIGIN, this.#signer(ORIGIN).publicKey);
  records = 0;

  /** Seals a batch: records, then changes, then as many other entries. `lies`: what its entry says in place of the truth. */
  seal(
    {
      records = [],
      changes = [],
      others = 0,
      beacon = null,
    }: {
      records?: Partial<RecordStatement>[];
      changes?: SampleChange[];
      others?: number;
      beacon?: string | null;
    },
    lies: Partial<BatchEntry> = {},
  ): SampleRecord[] {
    const number = this.#batches.length;
    const first = this.records;
    const sealedMs = START_MS + number * MINUTE_MS;
    const made = records.map((statement, index) => this.#record(statement, number, index));
    const events = changes.map((change, i) => this.#event(change, number, made.length + i));
    const leaves = [
      ...made.map(({ statement }) => leafHash(entryBytes(statement, formatStatement(statement)))),
      ...events.map(({ entry }) => leafHash(entry)),
      ...Array.from({ length: others }, (_, i) => leafHash(utf8ToBytes(`other ${number} ${i}`))),
    ];
    const root = treeRoot(leaves);
    this.#events.push(...events);
    this.#changes.push(events.map(({ change }) => change));
    this.records += leaves.length;
    const tree = this.#treeAt(number);
    const entry = formatBatchEntry({
      origin: ORIGIN,
      number,
      size: leaves.length,
      first,
      sealedAt: formatTime(sealedMs),
      beacon,
      root,
      statusRoot: tree.root(),
      ...lies,
    });
    this.#trees.push(tree);
    this.#batches.push({ first, leaves, root, entry });
    return made;
  }

  /** When batch `number` is sealed. */
  sealedAt(number: number): string {
    return formatTime(START_MS + number * MINUTE_MS);
  }

  /** The proof of a record in the log of `size` batches, with its status there; `status: false` leaves that out. */
  proof({ statement, id, batch, index }: SampleRecord, { size = this.#batches.length, status = true } = {}): Proof {
    const { entry, leaves, root } = this.#batches[batch]!;
    const origin = batchOrigin(ORIGIN, batch);
    return {
      format: 'sealroot/proof@2',
      id,
      statement,
      batch: {
        index,
        path: formatPath(treePath(index, leaves)),
        entry: base64.encode(entry),
        checkpoint: signNote(formatCheckpoint({ origin, size: leaves.length, root }), [this.#signer(origin)]),
      },
      log: { key: this.key, checkpoints: [this.checkpoint(batch, batch + 1)] },
      ...(status ? { status: this.status({ batch, index }, size) } : {}),
    };
  }

  /** What a proof says of the status of a record in the log of `size` batches. */
  status({ batch, index }: Pick<SampleRecord, 'batch' | 'index'>, size = this.#batches.length): StatusProof {
    const ordinal = this.#batches[batch]!.first + index;
    const tree = this.#trees[size - 1]!;
    const leaf = Math.floor(ordinal / 64);
    const events = this.#events.filter(
      ({ batch: at, change: { first, count } }) => at < size && ordinal >= first && ordinal < first + count,
    );
    return {
      checkpoint: this.checkpoint(batch, size),
      batch: this.#logged(size - 1, size),
      leaf: { value: base64.encode(tree.leaf(leaf)), path: formatPath(tree.path(leaf)) },
      events: events.toReversed().map((event) => this.#shown(event, size)),
    };
  }

  /** The log's checkpoint at `size`, with the path of batch `batch`. */
  checkpoint(batch: number, size: number): ProofCheckpoint {
    const leaves = this.#logLeaves(size);
    const text = formatCheckpoint({ origin: ORIGIN, size, root: treeRoot(leaves) });
    return {
      path: formatPath(treePath(batch, leaves)),
      note: signNote(text, [this.#signer(ORIGIN)]),
      attestations: [],
    };
  }

  /** The entry of each batch. */
  get batchEntries(): readonly Uint8Array[] {
    return this.#batches.map(({ entry }) => entry);
  }

  /** What everybody sees of each entry of a batch: a change of status itself, of all else the leaf's hash. */
  publicEntries(number: number): Uint8Array[] {
    const events = this.#events.filter(({ batch }) => batch === number);
    return this.#batches[number]!.leaves.map((leaf, i) => events.find(({ index }) => index === i)?.entry ?? leaf);
  }

  /** The log's own signer, to sign more. */
  get signer() {
    return this.#signer(ORIGIN);
  }

  #shown({ batch, entry, index, statement }: Event, size: number): StatusProofEvent {
    return {
      statement,
      entry: base64.encode(entry),
      index,
      path: formatPath(treePath(index, this.#batches[batch]!.leaves)),
      batch: this.#logged(batch, size),
    };
  }

  #logged(number: number, size: number): LoggedBatch {
    return {
      entry: base64.encode(this.#batches[number]!.entry),
      path: formatPath(treePath(number, this.#logLeaves(size))),
    };
  }

  #logLeaves(size: number): Uint8Array[] {
    return this.#batches.slice(0, size).map(({ entry }) => leafHash(entry));
  }

  #treeAt(number: number): FullTree {
    const tree = new FullTree();
    for (let i = 0; i <= number; i++) tree.add(this.#batches[i + 1]?.first ?? this.records, this.#changes[i]!);
    return tree;
  }

  #record(changes: Partial<RecordStatement>, batch: number, index: number): SampleRecord {
    const ordinal = this.records + index;
    const receivedAt = formatTime(START_MS + batch * MINUTE_MS - 500);
    const statement: RecordStatement = {
      v: 1,
      kind: 'record',
      agency: 'licences.example',
      profile: 'licence@1',
      digests: { sha256: bytesToHex(sha256(utf8ToBytes(`document ${ordinal}`))) },
      receivedAt,
      nonce: nonce(`record ${ordinal}`),
      ...changes,
    };
    const id = recordId(parseTime(statement.receivedAt), statementHash(formatStatement(statement)));
    return { statement, id, batch, index, ordinal };
  }

  #event(change: SampleChange, batch: number, index: number): Event {
    const { of, to, agency, reason, by, effectiveAt, previous, lie, sign } = change;
    const ordinal = this.records + index;
    const { first, count } = 'first' in of ? of : { first: of.ordinal, count: 1 };
    const receivedAt = formatTime(START_MS + batch * MINUTE_MS - 500);
    const unsigned: StatusStatement = {
      v: 1,
      kind: 'status',
      agency: agency ?? ('first' in of ? 'licences.example' : of.statement.agency),
      ...('first' in of ? { range: { first, count } } : { record: of.id }),
      to,
      ...(reason === undefined ? {} : { reason }),
      ...(by === undefined ? {} : { by }),
      effectiveAt: effectiveAt ?? receivedAt,
      receivedAt,
      nonce: nonce(`event ${ordinal}`),
    };
    const statement = sign === undefined ? unsigned : { ...unsigned, agencySignature: sign(unsigned) };
    const entry: StatusEntry = {
      first,
      count,
      state: CHANGED_STATUSES[to],
      effectiveAtMs: parseTime(statement.effectiveAt),
      previous: previous === undefined ? (this.#trees.at(-1)?.lastEvent(first) ?? null) : previous,
      statementHash: statementHash(formatStatusStatement(statement)),
      ...lie,
    };
    return { change: { ordinal, ...entry }, statement, entry: formatStatusEntry(entry), batch, index };
  }
}

function nonce(of: string): string {
  return bytesToHex(sha256(utf8ToBytes(of)).slice(0, 16));
}
