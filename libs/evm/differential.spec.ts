import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasPython } from '#setting/testing/programs.js';
import { parseEvmAttestation, verifyEvmAttestation, type EvmAttestation } from './attestation.js';
import { EvmError } from './error.js';
import { decodeRlpList, encodeRlp, type RlpItem } from './rlp.js';
import { SAMPLE_GENESIS, sampleHeader, sampleTransaction } from './testing/sample-chain.js';
import type { EvmTransactionType } from './transaction.js';
import { buildTransactionTrie } from './trie.js';

/** Forgeries tried; MUTATIONS=20000 for a long look. */
const RUNS = Number(process.env['MUTATIONS'] ?? 400);
const PYTHON = '/usr/bin/python3';
const root = keccak_256(utf8ToBytes('a checkpoint'));

/** Something that stands where another thing should: texts of telling lengths, and lists. */
const strange: fc.Arbitrary<RlpItem> = fc.oneof(
  fc
    .constantFrom(0, 1, 7, 8, 9, 19, 20, 21, 31, 32, 33, 255, 256, 257)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  fc.constantFrom(
    Uint8Array.of(0),
    Uint8Array.of(1),
    Uint8Array.of(2),
    Uint8Array.of(27),
    Uint8Array.of(35),
    Uint8Array.of(0x20),
    Uint8Array.of(0x10),
  ),
  fc.constantFrom<RlpItem>([], [[]], [new Uint8Array(20)], [[new Uint8Array(20), []]], [new Uint8Array(32)], root),
);
const plan = fc.record({
  what: fc.constantFrom('transaction', 'header', 'node', 'bytes', 'index', 'nothing'),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'insert'),
  type: fc.constantFrom(0, 1, 2, 3, 4),
  count: fc.constantFrom(1, 2, 3, 20, 129, 150),
  pick: fc.nat({ max: 1000 }),
  at: fc.nat({ max: 1_000_000 }),
  level: fc.nat({ max: 5 }),
  item: strange,
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

/** A list with one item replaced, removed or added. */
function edited(items: readonly RlpItem[], { how, at, item }: Plan): readonly RlpItem[] {
  const place = at % items.length;
  if (how === 'replace') return items.with(place, item);
  return how === 'remove' ? items.toSpliced(place, 1) : items.toSpliced(place, 0, item);
}

/** The path with one node edited, and all nodes above naming the new hashes: what a block of a forger's own would hold. */
function relinked(path: readonly Uint8Array[], given: Plan): Uint8Array[] {
  const level = given.level % path.length;
  let made = encodeRlp(edited(decodeRlpList(path[level]!), given));
  const linked = path.slice();
  linked[level] = made;
  for (let above = level - 1; above >= 0; above--) {
    const old = bytesToHex(keccak_256(path[above + 1]!));
    const named: RlpItem = made.length < 32 ? decodeRlpList(made) : keccak_256(made);
    const parent = decodeRlpList(linked[above]!).map((child) =>
      child instanceof Uint8Array && bytesToHex(child) === old ? named : child,
    );
    if (made.length < 32) linked.splice(above + 1, 1);
    made = encodeRlp(parent);
    linked[above] = made;
  }
  return linked;
}

/** An attestation of a block in which something was forged, hashes right wherever the forger can make them so. */
function forged(given: Plan): EvmAttestation {
  const { what, count, pick } = given;
  const index = pick % count;
  const type = given.type as EvmTransactionType;
  const raw = Array.from({ length: count }, (_, i) =>
    sampleTransaction(i, i === index ? root : Uint8Array.of(i), { type }),
  );
  if (what === 'transaction') {
    const own = raw[index]!;
    const items = edited(decodeRlpList(type === 0 ? own : own.subarray(1)), given);
    raw[index] = type === 0 ? encodeRlp(items) : concatBytes(Uint8Array.of(type), encodeRlp(items));
  }
  const trie = buildTransactionTrie(raw);
  const honest = trie.path(index);
  const path = what === 'node' ? relinked(honest, given) : honest;
  const top = what === 'node' ? keccak_256(path[0]!) : trie.root;
  let header = sampleHeader(top);
  if (what === 'header') header = encodeRlp(edited(decodeRlpList(header), given));
  const nudge = (bytes: Uint8Array) =>
    bytes.with(given.at % bytes.length, bytes[given.at % bytes.length]! ^ (1 << given.level));
  const parts = { header, transaction: raw[index]!, path };
  if (what === 'bytes') {
    if (pick % 3 === 0) parts.header = nudge(header);
    else if (pick % 3 === 1) parts.transaction = nudge(parts.transaction);
    else parts.path = path.map((node, i) => (i === given.level % path.length ? nudge(node) : node));
  }
  return {
    chainId: 31_337,
    genesis: SAMPLE_GENESIS,
    // A nudged header under its own hash is a header to read; under the honest one it is refused unread.
    block: bytesToHex(keccak_256(pick % 2 === 0 ? parts.header : header)),
    header: base64.encode(parts.header),
    index: what === 'index' ? given.at % 200 : index,
    transaction: base64.encode(parts.transaction),
    path: parts.path.map((node) => base64.encode(node)),
  };
}

it.skipIf(!hasPython())('agrees with the second implementation on forged blocks', { timeout: 600_000 }, () => {
  const attestations = fc.sample(plan, { numRuns: RUNS, seed: 1559 }).map(forged);
  const run = spawnSync(PYTHON, [fileURLToPath(new URL('testing/ethereum.py', import.meta.url))], {
    input: attestations.map((attestation) => JSON.stringify({ attestation, root: bytesToHex(root) })).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(run.stderr).toBe('');
  const answers = run.stdout.trim().split('\n');
  let [held, refused] = [0, 0];
  for (const [i, attestation] of attestations.entries()) {
    let ours: [number, number, string] | null = null;
    try {
      const { number, timeMs, blockHash } = verifyEvmAttestation(parseEvmAttestation(attestation), root);
      ours = [number, timeMs, bytesToHex(blockHash)];
      held++;
    } catch (error) {
      expect(error).toBeInstanceOf(EvmError);
      refused++;
    }
    expect(JSON.parse(answers[i]!), JSON.stringify(attestation)).toEqual(ours);
  }
  expect(Math.min(held, refused)).toBeGreaterThan(RUNS / 6);
});
