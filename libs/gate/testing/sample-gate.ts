import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { leafHash } from '#merkle/hash.js';
import type { CodeForm } from '#paper/code.js';
import { formatCode } from '#paper/codec.js';
import { makeCode } from '#paper/make.js';
import { treePath, treeRoot } from '#proof/testing/sample-tree.js';
import { type BatchEntry, batchOrigin, formatBatchEntry } from '#statement/batch-entry.js';
import { blindedDigest, digestOf } from '#statement/blinding.js';
import { entryBytes } from '#statement/entry.js';
import { formatStatement, type RecordStatement } from '#statement/statement.js';
import { formatTime } from '#statement/time.js';
import type { StatusEvent } from '#status/event.js';
import { formatStatusPack } from '#status/pack.js';
import { FullTree } from '#status/testing/full-tree.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { withClock } from '#tlog/clock.js';
import { formatNote, parseNote, signNote } from '#tlog/note.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatVerifierKey, parseVerifierKey } from '#tlog/verifier-key.js';
import {
  formatGateBody,
  formatGatePack,
  gateName,
  gateNoteText,
  type GatePackBody,
  type PackedBatch,
} from '../pack.js';

const ORIGIN = 'permits.example/log';
const START_MS = Date.parse('2026-03-01T06:00:00.000Z');
const MINUTE_MS = 60_000;

/** What a sample permit is like; both times in minutes after the log began. */
export interface SamplePermitOptions {
  from?: number;
  until?: number;
  profile?: string;
}

interface Permit {
  statement: RecordStatement;
  document: { text: string; salt: Uint8Array };
  batch: number;
  index: number;
}

/** A log of permits in memory: a batch a minute, the status of each, gate packs and codes. */
export class SampleGate {
  readonly #signer = (name: string) => ed25519NoteSigner(name, sha256(utf8ToBytes(this.seed)));
  readonly #batches: { first: number; leaves: Uint8Array[]; entry: Uint8Array; isGate: boolean }[] = [];
  readonly #touched: Set<number>[] = [];
  readonly #status = new FullTree();
  readonly key;
  readonly keyText;

  constructor(private readonly seed = 'sample log key') {
    this.keyText = formatVerifierKey(ORIGIN, this.#signer(ORIGIN).publicKey);
    this.key = parseVerifierKey(this.keyText);
  }

  /** The time `minutes` after the log began, in milliseconds since 1970. */
  at(minutes: number): number {
    return START_MS + minutes * MINUTE_MS;
  }

  get records(): number {
    return this.#status.records;
  }

  /** Seals a batch of permits, `size` entries in all, the others made up. */
  issue(permits: Readonly<Record<number, SamplePermitOptions>>, size: number): Permit[] {
    const batch = this.#batches.length;
    const made = Object.entries(permits).map(([index, options]) => this.#permit(batch, Number(index), options));
    const leaves = Array.from({ length: size }, (_, i) => leafHash(utf8ToBytes(`other ${batch} ${i}`)));
    for (const { index, statement } of made)
      leaves[index] = leafHash(entryBytes(statement, formatStatement(statement)));
    this.#seal(leaves, [], true);
    return made;
  }

  /** Seals a batch of events. */
  change(changes: readonly { of: Permit; state: StatusEvent['state']; previous?: number }[]): void {
    const first = this.records;
    const events = changes.map(({ of, state, previous }, i): StatusEvent => {
      return { ordinal: first + i, first: this.ordinal(of), count: 1, state, previous: previous ?? null };
    });
    this.#seal(
      events.map(({ ordinal }) => leafHash(utf8ToBytes(`event ${ordinal}`))),
      events,
      false,
    );
  }

  ordinal({ batch, index }: Permit): number {
    return this.#batches[batch]!.first + index;
  }

  /** The text of a permit's code. */
  code({ statement, document, batch, index }: Permit, form: CodeForm, carries = true): string {
    const { leaves } = this.#batches[batch]!;
    const origin = batchOrigin(ORIGIN, batch);
    const checkpoint = signNote(formatCheckpoint({ origin, size: leaves.length, root: treeRoot(leaves) }), [
      this.#signer(origin),
    ]);
    const path = treePath(index, leaves);
    const record = { statement, batch: { number: batch, size: leaves.length }, index, path, checkpoint };
    return formatCode(makeCode({ ...record, logKey: this.keyText }, form, carries ? document : undefined));
  }

  /** What a pack of now says, as of `minutes` after the log began; of changes since a batch alone, if given. */
  body(minutes: number, since: number | null = null): GatePackBody {
    const size = this.#batches.length;
    const hashes = this.#batches.map(({ entry }) => leafHash(entry));
    const text = formatCheckpoint({ origin: ORIGIN, size, root: treeRoot(hashes) });
    const clocked = withClock(
      parseNote(signNote(text, [this.#signer(ORIGIN)])),
      this.at(minutes) / 1000,
      this.#signer(ORIGIN),
    );
    const touched = [...new Set(this.#touched.flatMap((set, i) => (since === null || i > since ? [...set] : [])))];
    const leaves = new Map(touched.toSorted((a, b) => a - b).map((index) => [index, this.#status.leaf(index)]));
    return {
      checkpoint: formatNote(clocked),
      entry: this.#batches[size - 1]!.entry,
      path: treePath(size - 1, hashes),
      status: formatStatusPack({ batch: size - 1, records: this.records, since, leaves }),
      batches: this.#batches.flatMap(({ first, leaves: all, isGate }, number): PackedBatch[] =>
        isGate && (since === null || number > since)
          ? [{ number, first, size: all.length, subtrees: subtrees(all) }]
          : [],
      ),
    };
  }

  /** A pack, signed; `changes` are what it says in place of the truth. */
  pack(minutes: number, since: number | null = null, changes: Partial<GatePackBody> = {}): Uint8Array {
    return this.signed(formatGateBody({ ...this.body(minutes, since), ...changes }));
  }

  /** A pack of any body, signed. */
  signed(body: Uint8Array): Uint8Array {
    return formatGatePack(signNote(gateNoteText(ORIGIN, body), [this.#signer(gateName(ORIGIN))]), body);
  }

  #permit(batch: number, index: number, { from, until, profile = 'permit@1' }: SamplePermitOptions): Permit {
    const text = `GATE PERMIT ${batch}/${index}\nHarbour zone B, gate 3`;
    const salt = sha256(utf8ToBytes(`salt ${batch}/${index}`));
    const digest = blindedDigest('sha256', salt, digestOf('sha256', utf8ToBytes(text)));
    const statement: RecordStatement = {
      v: 1,
      kind: 'record',
      agency: 'port.example.gov',
      profile,
      digests: { sha256: bytesToHex(digest) },
      blinded: true,
      receivedAt: formatTime(this.at(batch)),
      nonce: bytesToHex(sha256(utf8ToBytes(`nonce ${batch}/${index}`)).slice(0, 16)),
      ...(from === undefined ? {} : { validFrom: formatTime(this.at(from)) }),
      ...(until === undefined ? {} : { validUntil: formatTime(this.at(until)) }),
    };
    return { statement, document: { text, salt }, batch, index };
  }

  #seal(leaves: Uint8Array[], events: readonly StatusEvent[], isGate: boolean): void {
    const number = this.#batches.length;
    const first = this.records;
    this.#status.add(first + leaves.length, events);
    this.#touched.push(new Set(events.map((event) => Math.floor(event.first / 64))));
    const entry: BatchEntry = {
      origin: ORIGIN,
      number,
      size: leaves.length,
      first,
      sealedAt: formatTime(this.at(number)),
      beacon: null,
      root: treeRoot(leaves),
      statusRoot: this.#status.root(),
    };
    this.#batches.push({ first, leaves, entry: formatBatchEntry(entry), isGate });
  }
}

function subtrees(leaves: readonly Uint8Array[]): Uint8Array {
  const count = Math.ceil(leaves.length / 256);
  return concatBytes(...Array.from({ length: count }, (_, i) => treeRoot(leaves.slice(256 * i, 256 * (i + 1)))));
}
