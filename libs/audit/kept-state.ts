import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { Frontier } from '#merkle/frontier.js';
import { equalHashes, HASH_BYTES, type Sha256 } from '#merkle/hash.js';
import { STATUS_TILE_BYTES } from '#status/node.js';
import { STATUS_ENTRY_BYTES } from '#statement/status-entry.js';
import type { AuditState } from './audit.js';
import { AuditError } from './error.js';
import { EventStore } from './event-store.js';
import { StatusVector } from './vector.js';

/** Name and version of the form in which the state of an audit is kept. */
const FORMAT = 'sealroot/audit-state@1';

const NEWLINE = 0x0a;

/** The first line of kept state; what follows are the touched leaves and tiles and the events, then SHA-256 over all of it. */
interface Header {
  format: string;
  head: AuditState['head'];
  lasting: AuditState['lasting'];
  batches: number;
  records: number;
  /** Hex. */
  frontier: string[];
  last: AuditState['replay']['last'];
  statusWrong: boolean;
  leaves: number;
  /** Keys of the touched tiles, in the order in which they follow. */
  tiles: string[];
  events: number[] | null;
  /** The caller's own. */
  notes: unknown;
}

/** The state of an audit as bytes, with what the caller wants to find beside it (`notes`, a JSON value). */
export function formatState(state: AuditState, notes: unknown, sha256: Sha256 = portableSha256): Uint8Array {
  const { events, last, log, records, status, statusWrong } = state.replay;
  const header: Header = {
    format: FORMAT,
    head: state.head,
    lasting: state.lasting,
    batches: log.size,
    records,
    frontier: log.nodes.map((node) => bytesToHex(node)),
    last,
    statusWrong,
    leaves: status.leaves.size,
    tiles: [...status.tiles.keys()],
    events: events === null ? null : [...events.ordinals],
    notes,
  };
  const parts: Uint8Array[] = [utf8ToBytes(`${JSON.stringify(header)}\n`)];
  for (const [index, bytes] of status.leaves) {
    const head = new DataView(new ArrayBuffer(10));
    head.setBigUint64(0, BigInt(index));
    head.setUint16(8, bytes.length);
    parts.push(new Uint8Array(head.buffer), bytes);
  }
  for (const hashes of status.tiles.values()) parts.push(hashes);
  for (let i = 0; i < (events?.ordinals.length ?? 0); i++) parts.push(events!.entryAt(i));
  const content = concatAll(parts);
  return concatBytes(content, sha256(content));
}

/**
 * Reads what {@link formatState} wrote.
 *
 * @throws AuditError `bad-state`, also for bytes that are cut short or changed: nothing may be concluded from them
 */
export function parseState(bytes: Uint8Array, sha256: Sha256 = portableSha256): { state: AuditState; notes: unknown } {
  const refuse = (detail: string) => new AuditError('bad-state', `Reading the state of an audit: ${detail}`);
  const content = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES));
  if (bytes.length < HASH_BYTES || !equalHashes(sha256(content), bytes.subarray(content.length)))
    throw refuse('expected bytes that their checksum fits, got others');
  const newline = content.indexOf(NEWLINE);
  const header = JSON.parse(new TextDecoder().decode(content.subarray(0, newline))) as Header;
  if (header.format !== FORMAT) throw refuse(`expected ${FORMAT}, got ${header.format}`);

  let at = newline + 1;
  const take = (length: number) => content.slice(at, (at += length));
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const leaves = new Map<number, Uint8Array>();
  for (let i = 0; i < header.leaves; i++) {
    const index = Number(view.getBigUint64(at));
    const length = view.getUint16(at + 8);
    at += 10;
    leaves.set(index, take(length));
  }
  const tiles = new Map(header.tiles.map((key) => [key, take(STATUS_TILE_BYTES)] as const));
  const events = header.events === null ? null : new EventStore();
  for (const ordinal of header.events ?? []) events!.add(ordinal, take(STATUS_ENTRY_BYTES));
  const { batches, frontier, head, last, lasting, notes, records, statusWrong } = header;
  const log = new Frontier(
    batches,
    frontier.map((hex) => hexToBytes(hex)),
    sha256,
  );
  const status = new StatusVector(leaves, tiles, sha256);
  return { state: { head, lasting, replay: { log, records, last, statusWrong, status, events } }, notes };
}

/** Not by spreading them into arguments: there may be millions. */
function concatAll(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
