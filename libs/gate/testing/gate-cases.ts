import { bytesToHex } from '@noble/hashes/utils.js';
import type { CodeForm } from '#paper/code.js';
import { formatStatusPack, parseStatusPack } from '#status/pack.js';
import { decide } from '../decide.js';
import { GateError } from '../error.js';
import { openGatePack } from '../open.js';
import { formatGateBody, type GatePackBody, parseGatePack } from '../pack.js';
import { SampleGate } from './sample-gate.js';

const FORMS: readonly CodeForm[] = ['self-contained', 'landmark'];

/** The log of the vectors: permits in every state, and those that its packs do not know. */
export function sampleLog() {
  const log = new SampleGate();
  const [valid, revoked, suspended, again, consumed, superseded, early, late, last] = log.issue(
    { 3: {}, 4: {}, 5: {}, 6: {}, 7: {}, 8: {}, 9: { from: 600 }, 10: { until: 4 }, 299: { from: 0, until: 30 } },
    300,
  );
  log.change([
    { of: revoked!, state: 1 },
    { of: suspended!, state: 2 },
    { of: again!, state: 2 },
    { of: consumed!, state: 12 },
    { of: superseded!, state: 3 },
  ]);
  const before = log.pack(2);
  log.change([{ of: again!, state: 13, previous: 302 }]);
  const [single] = log.issue({ 0: { until: 600 } }, 1);
  const pack = log.pack(4);
  const changes = log.pack(4, 1);
  const body = log.body(4);
  const [newer] = log.issue({ 1: {} }, 2);
  const permits = { valid, revoked, suspended, again, consumed, superseded, early, late, last, single, newer };
  return {
    log,
    before,
    pack,
    changes,
    body,
    permits: permits as { [name in keyof typeof permits]: NonNullable<typeof valid> },
  };
}

/** What gates say: each with the pack, a code, and the time by the gate's clock. */
export function answerVectors() {
  const { log, pack, permits } = sampleLog();
  const other = new SampleGate('another key');
  const [foreign] = other.issue({ 3: {} }, 300);
  // The same log, as its key would have it if it told two stories.
  const fork = new SampleGate();
  const [forked] = fork.issue({ 3: {}, 4: {} }, 300);
  const cases: { about: string; code: string; minutes: number; withPack: boolean }[] = [];
  for (const form of FORMS) {
    const add = (about: string, code: string, minutes = 10, withPack = true) =>
      cases.push({ about: `${form}: ${about}`, code, minutes, withPack });
    for (const [name, permit] of Object.entries(permits)) add(name, log.code(permit, form));
    add('valid, without a pack', log.code(permits.valid, form), 10, false);
    add('expired, without a pack', log.code(permits.last, form), 601, false);
    add('valid, the pack as old as it may be', log.code(permits.valid, form), 64);
    add('valid, the pack too old', log.code(permits.valid, form), 64 + 1 / 60_000);
    add('revoked, the pack too old', log.code(permits.revoked, form), 1000);
    add('valid, a clock that is five minutes slow', log.code(permits.valid, form), -1);
    add('valid, a clock that is slower', log.code(permits.valid, form), -1 - 1 / 60_000);
    add('at its end', log.code(permits.last, form), 30);
    add('past its end', log.code(permits.last, form), 30 + 1 / 60_000);
    add('without its text', log.code(permits.valid, form, false));
    add('revoked, without its text', log.code(permits.revoked, form, false));
    add('of another log', other.code(foreign!, form));
    add('of a batch that the pack has otherwise', fork.code(forked!, form));
  }
  cases.push({ about: 'no code', code: 'https://example.gov/permit/1', minutes: 10, withPack: true });
  cases.push({ about: 'a code of a later version', code: 'SR2:000', minutes: 10, withPack: true });
  cases.push({
    about: 'a damaged code',
    code: log.code(permits.valid, 'landmark').slice(0, -3),
    minutes: 10,
    withPack: true,
  });
  const open = openGatePack(pack, log.key);
  return cases.map(({ about, code, minutes, withPack }) => {
    const nowMs = Math.round(log.at(minutes));
    const said = decide(code, { key: log.key, pack: withPack ? open : null, nowMs });
    const { answer } = said;
    return { about, code, nowMs, withPack, answer, why: 'why' in said ? said.why : null };
  });
}

/** Packs that hold. */
export function packVectors() {
  const { log, before, pack, changes } = sampleLog();
  const described = (about: string, bytes: Uint8Array, base: Uint8Array | null) => {
    const held = base === null ? null : openGatePack(base, log.key);
    const { asOfMs, batch, records, batches, leaves } = openGatePack(bytes, log.key, held);
    return {
      about,
      pack: bytesToHex(bytes),
      base: base === null ? null : bytesToHex(base),
      asOfMs,
      batch,
      records,
      batches: [...batches.values()].map((one) => ({ ...one, subtrees: bytesToHex(one.subtrees) })),
      leaves: [...leaves].map(([index, leaf]) => [index, bytesToHex(leaf)]),
    };
  };
  return [
    described('all that is valid', pack, null),
    described('as of an earlier batch', before, null),
    described('what has changed since then', changes, before),
  ];
}

/** Packs that are to be refused, each for one reason. */
export function refusedVectors() {
  const { log, pack, changes, body, before } = sampleLog();
  const signed = (change: Partial<GatePackBody>) => log.signed(formatGateBody({ ...body, ...change }));
  const [first, second] = body.batches;
  const status = parseStatusPack(body.status);
  const unclocked = body.checkpoint.replace(/^— \S*\/clock .*\n/m, '');
  const other = new SampleGate('another key');
  for (const size of [300, 5, 1, 1]) other.issue({}, size);
  const text = new TextDecoder();
  const noteEnd = pack.length - parseGatePack(pack).body.length;
  const altered = (at: number) => pack.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const cases: Record<string, Uint8Array> = {
    nothing: new Uint8Array(0),
    'another file': new TextEncoder().encode('%PDF-1.7\n and so on, and so on, and so on'),
    'a later version': pack.map((byte, i) => (i === 19 ? 50 : byte)),
    'cut short in the last batch': pack.slice(0, -1),
    'cut short after a batch': log.signed(firstOf(body, 1)).slice(0, -1),
    'a byte too many': Uint8Array.from([...pack, 0]),
    'a number in a longer form': longerForm(pack, noteEnd),
    'a byte of the body changed': altered(pack.length - 1),
    'a byte of the note changed': altered(text.decode(pack).indexOf('permits.example/log/gate')),
    'signed by another log': other.pack(4),
    'a checkpoint without the clock of the log': signed({ checkpoint: unclocked }),
    'a checkpoint of another log': signed({ checkpoint: other.body(4).checkpoint }),
    'an entry that is not the last of the checkpoint': signed({ entry: log.body(4).entry }),
    'a path that leads elsewhere': signed({ path: body.path.map((hash) => hash.map((byte) => byte ^ 1)) }),
    'statuses of another batch': signed({ status: formatStatusPack({ ...status, batch: status.batch - 1 }) }),
    'statuses of fewer entries': signed({ status: formatStatusPack({ ...status, records: status.records - 1 }) }),
    'a status left out': signed({ status: formatStatusPack({ ...status, leaves: new Map() }) }),
    'changes without the pack that they change': changes,
    'changes of a later pack': log.pack(5, 4),
    'a batch of no entries': log.signed(concat(firstOf(body, 0), [0, 0, 0])),
    'a batch that is not in the log yet': signed({ batches: [first!, { ...second!, number: 4 }] }),
    'a batch past the last entry': signed({ batches: [first!, { ...second!, first: second!.first + 1 }] }),
  };
  return Object.entries(cases).map(([about, bytes]) => {
    const base = about === 'changes of a later pack' ? before : null;
    return { about, pack: bytesToHex(bytes), base: base && bytesToHex(base), refused: refusalOf(log, bytes, base) };
  });
}

/** The body with its first batches alone. */
function firstOf(body: GatePackBody, count: number): Uint8Array {
  return formatGateBody({ ...body, batches: body.batches.slice(0, count) });
}

function concat(bytes: Uint8Array, more: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes, ...more]);
}

/** A pack whose number of bytes of the note is written with a byte more. */
function longerForm(pack: Uint8Array, noteEnd: number): Uint8Array {
  const at = 'sealroot/gate-pack@1\n'.length;
  const isTwo = pack[at]! >= 128;
  if (!isTwo || noteEnd < at) throw new Error('expected a note of 128 to 16383 bytes');
  return Uint8Array.from([...pack.slice(0, at + 1), pack[at + 1]! | 128, 0, ...pack.slice(at + 2)]);
}

function refusalOf(log: SampleGate, bytes: Uint8Array, base: Uint8Array | null): string {
  try {
    openGatePack(bytes, log.key, base === null ? null : openGatePack(base, log.key));
  } catch (error) {
    if (error instanceof GateError) return error.code;
    throw error;
  }
  throw new Error('expected a pack that is refused');
}
