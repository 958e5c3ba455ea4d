import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { formatProof } from '../proof.js';
import { STATUS_MAX_EVENTS } from '#status/event.js';
import { proofOf, recordLog, statusVector } from './status-vector.js';
import type { VectorCase } from './vector-case.js';

/** A value of JSON that may be changed anywhere. */
// oxlint-disable-next-line typescript/no-explicit-any -- what is written here is what no type allows
type Loose = any;

const HASH = 'ab'.repeat(32);
const revoked = proofOf(recordLog([(of) => [{ of, to: 'revoked', reason: 'court-order' }]]));
/** The number of all ones, which says that there was no event before. */
const NONE = 2n ** 64n - 1n;

/** Bytes 18 to 78 of a status entry, from its first ordinal on. */
function entry(
  { first = 100n, count = 1, state = 1, effectiveAt = 1_772_352_119_500n, previous = NONE },
  length = 79,
): string {
  const bytes = new Uint8Array(length);
  bytes.set(utf8ToBytes('sealroot/status@1\n'));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(18, first);
  view.setUint32(26, count);
  view.setUint8(30, state);
  view.setBigUint64(31, effectiveAt);
  view.setBigUint64(39, previous);
  return base64.encode(bytes);
}

/** Texts that are no proof, since their status is none. */
export function malformedStatusCases(): VectorCase[] {
  const changed = (about: string, change: (status: Loose) => unknown): VectorCase => {
    const value: Loose = JSON.parse(formatProof(revoked));
    const before = JSON.stringify(value);
    const replaced = change(value.status);
    if (replaced !== undefined) value.status = replaced;
    if (JSON.stringify(value) === before) throw new Error(`Expected a change for ${about}, got none`);
    const proof = `${JSON.stringify(value)}\n`;
    return { ...statusVector(about, 'unreadable', revoked), proof, checks: {} };
  };
  const status = (about: string, change: (status: Loose) => void) =>
    changed(about, (value) => {
      change(value);
    });
  const event = (about: string, change: (event: Loose) => void) => status(about, ({ events: [one] }) => change(one));
  const statement = (about: string, members: object) =>
    event(about, (one) => (one.statement = { ...one.statement, ...members }));
  const range = (about: string, value: unknown) =>
    event(about, ({ statement: one }) => {
      delete one.record;
      one.range = value;
    });
  const written = (about: string, ...members: Parameters<typeof entry>) =>
    event(about, (one) => (one.entry = entry(...members)));
  return [
    changed('a status that is null', () => null),
    changed('a list for a status', () => []),
    ...['checkpoint', 'batch', 'leaf', 'events'].map((name) =>
      status(`a status without ${name}`, (value) => delete value[name]),
    ),
    status('a status with an unknown member', (value) => (value.extra = 1)),
    status('a checkpoint of a status without attestations', ({ checkpoint }) => delete checkpoint.attestations),
    status('a checkpoint of a status with 17 attestations', ({ checkpoint }) => {
      checkpoint.attestations = Array.from({ length: 17 }, () => ({ type: 'x' }));
    }),
    status('a checkpoint of a status with a path of 54 hashes', ({ checkpoint }) => {
      checkpoint.path = Array.from({ length: 54 }, () => HASH);
    }),
    status('a note of a status without signature', ({ checkpoint }) => {
      checkpoint.note = checkpoint.note.replace(/\n\n.*/s, '\n\n');
    }),
    status('a last batch that is no batch entry', ({ batch }) => (batch.entry = base64.encode(new Uint8Array(100)))),
    status(
      'a path of the last batch of 54 hashes',
      ({ batch }) => (batch.path = Array.from({ length: 54 }, () => HASH)),
    ),
    status('a last batch with an unknown member', ({ batch }) => (batch.index = 0)),
    status('a leaf of 545 bytes', ({ leaf }) => (leaf.value = base64.encode(new Uint8Array(545)))),
    status('a leaf in hex', ({ leaf }) => (leaf.value = `${'00'.repeat(32)}0`)),
    status('a path of a leaf of 48 hashes', ({ leaf }) => (leaf.path = Array.from({ length: 48 }, () => HASH))),
    status(`${STATUS_MAX_EVENTS + 1} events`, (value) => {
      value.events = Array.from({ length: STATUS_MAX_EVENTS + 1 }, () => value.events[0]);
    }),
    status('events as an object', (value) => (value.events = {})),
    ...['statement', 'entry', 'index', 'path', 'batch'].map((name) =>
      event(`an event without ${name}`, (one) => delete one[name]),
    ),
    event('an event with an unknown member', (one) => (one.ordinal = 162)),
    event('an event of index −1', (one) => (one.index = -1)),
    event('a path of an event of 21 hashes', (one) => (one.path = Array.from({ length: 21 }, () => HASH))),
    written('a status entry of 78 bytes', {}, 78),
    written('a status entry of 80 bytes', {}, 80),
    event('a status entry of another version', (one) => {
      one.entry = base64.encode(base64.decode(one.entry).map((byte, i) => (i === 16 ? byte + 1 : byte)));
    }),
    ...[0, 4, 14, 255].map((state) => written(`a status entry of state ${state}`, { state })),
    written('a status entry about no record', { count: 0 }),
    written('a status entry about ordinal 2^53', { first: 2n ** 53n }),
    written('a status entry whose last ordinal is 2^53 − 1', { first: 2n ** 53n - 1n }),
    written('a status entry of the year 10000', { effectiveAt: 253_402_300_800_000n }),
    written('a status entry about two records with a previous event', { count: 2, previous: 162n }),
    written('a status entry whose previous event is the record', { previous: 100n }),
    written('a status entry whose previous event is 2^53', { previous: 2n ** 53n }),
    statement('a status statement of version 2', { v: 2 }),
    statement('a status statement of kind record', { kind: 'record' }),
    statement('a status statement with an unknown member', { profile: 'licence@1' }),
    statement('a status statement of an agency in upper case', { agency: 'Licences.example' }),
    statement('a status statement that leads to another status', { to: 'expired' }),
    statement('a status statement that leads to a status that objects inherit', { to: 'constructor' }),
    statement('a change with effect after its receipt', { effectiveAt: '2026-03-01T08:01:59.501Z' }),
    statement('a change with effect before 1970', { effectiveAt: '1969-12-31T23:59:59.999Z' }),
    statement('a reason in upper case', { reason: 'Court order' }),
    statement('a successor of a revoked record', { by: '019ca869-507b-7812-82da-057373556ba2' }),
    statement('a superseded record without successor', { to: 'superseded' }),
    statement('a record that is superseded by itself', { to: 'superseded', by: revoked.id }),
    statement('a status statement about a record and a range', { range: { first: 100, count: 1 } }),
    event('a status statement about nothing', ({ statement: one }) => delete one.record),
    statement('a status statement about no record id', { record: '100' }),
    range('a range of none', { first: 100, count: 0 }),
    range('a range of 2^32', { first: 100, count: 2 ** 32 }),
    range('a range from −1', { first: -1, count: 1 }),
    range('a range with an unknown member', { first: 100, count: 1, last: 100 }),
    range('a range without count', { first: 100 }),
    range('a list for a range', [100, 1]),
  ];
}
