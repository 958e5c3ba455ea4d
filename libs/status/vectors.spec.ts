import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, describe, it } from 'vitest';
import { GOPATH, hasGo, hasPython } from '#setting/testing/programs.js';
import type { StatusEvent } from './event.js';
import { formatStatusLeaf, parseStatusLeaf } from './leaf.js';
import { formatStatusPack, parseStatusPack, rootOfLeaves } from './pack.js';
import { statusPath } from './path.js';
import { MemoryNodes } from './testing/full-tree.js';
import { updateStatus } from './update.js';
import { verifyStatus } from './verify.js';

interface Batch {
  first: number;
  size: number;
  events: StatusEvent[];
  statusRoot: string;
}

interface Claim {
  ordinal: number;
  records: number;
  leaf: string;
  path: string[];
  root: string;
}

interface Vectors {
  logs: { about: string; batches: Batch[]; proofs: (Claim & { state: number; lastEvent: number | null })[] }[];
  refusedProofs: (Claim & { about: string })[];
  refusedLeaves: { about: string; leaf: string }[];
  packs: {
    about: string;
    log: number;
    pack: string;
    batch: number;
    records: number;
    since: number | null;
    leaves: [index: number, leaf: string][];
  }[];
  refusedPacks: { about: string; pack: string }[];
  refusedEvents: { about: string; batches: Batch[]; batch: Batch }[];
}

const file = new URL('vectors/status.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

async function add(nodes: MemoryNodes, { first, size, events }: Batch): Promise<string> {
  const update = await updateStatus(nodes, { before: first, after: first + size, events });
  nodes.store(update);
  return bytesToHex(update.root);
}

const claim = ({ ordinal, records, leaf, path, root }: Claim) => ({
  ordinal,
  records,
  leaf: hexToBytes(leaf),
  path: path.map((hash) => hexToBytes(hash)),
  root: hexToBytes(root),
});

/** A log of our own making, in the form of the vectors: 120 batches, with events of every kind in most of them. */
async function ownLog(): Promise<Vectors['logs'][number]> {
  const nodes = new MemoryNodes();
  const latest = new Map<number, number>();
  const batches: Batch[] = [];
  const proofs: Vectors['logs'][number]['proofs'] = [];
  let records = 0;
  for (let n = 0; n < 120; n++) {
    const size = 1 + ((n * 37) % 90);
    const events: StatusEvent[] = [];
    const event = (first: number, count: number, state: StatusEvent['state']) => {
      events.push({ ordinal: records + events.length, first, count, state, previous: latest.get(first) ?? null });
    };
    // Record 7 goes on and off; every third batch has one record consumed, every seventh a range of new ones superseded.
    if (n > 1) event(7, 1, n % 2 === 0 ? 2 : 13);
    if (n % 3 === 2) event(batches[n - 1]!.first, 1, 12);
    if (n % 7 === 6 && batches[n - 2]!.size > 1) event(batches[n - 2]!.first + 1, batches[n - 2]!.size - 1, 3);
    const batch = { first: records, size: size + events.length, events, statusRoot: '' };
    for (const { first, count, ordinal } of events) for (let i = 0; i < count; i++) latest.set(first + i, ordinal);
    batch.statusRoot = await add(nodes, batch);
    batches.push(batch);
    records += batch.size;
    for (const ordinal of [7, batch.first, records - 1].filter((at) => at < records)) {
      const { leaf, path } = await statusPath(nodes, ordinal, records);
      const root = batch.statusRoot;
      const answer = verifyStatus({ ordinal, records, leaf, path, root: hexToBytes(root) });
      if (!answer.holds) throw new Error(answer.detail);
      const { state, lastEvent } = answer;
      proofs.push({ ordinal, records, state, lastEvent, leaf: bytesToHex(leaf), path: path.map(bytesToHex), root });
    }
  }
  return { about: 'a log made by the library', batches, proofs };
}

describe('the vectors', () => {
  it('give every root, leaf and path, computed from the touched parts alone', async () => {
    for (const { about, batches, proofs } of vectors.logs) {
      const nodes = new MemoryNodes();
      for (const batch of batches) expect(await add(nodes, batch), about).toBe(batch.statusRoot);
      for (const proof of proofs) {
        const { leaf, path } = await statusPath(nodes, proof.ordinal, proof.records);
        expect(bytesToHex(leaf), about).toBe(proof.leaf);
        expect(path.map(bytesToHex), about).toEqual(proof.path);
        expect(bytesToHex(formatStatusLeaf(parseStatusLeaf(leaf)))).toBe(proof.leaf);
        const { state, lastEvent } = proof;
        expect(verifyStatus(claim(proof)), about).toEqual({ holds: true, state, lastEvent });
      }
    }
  });

  it('have packs that are read and written, and lead to the root of their log', () => {
    const copies = new Map<number, Map<number, Uint8Array>>();
    for (const { about, log, pack, ...facts } of vectors.packs) {
      const read = parseStatusPack(hexToBytes(pack));
      const leaves = [...read.leaves].map(([index, leaf]) => [index, bytesToHex(leaf)]);
      expect({ ...read, leaves }, about).toEqual(facts);
      expect(bytesToHex(formatStatusPack(read)), about).toBe(pack);
      // One of changes takes the place of leaves in a copy: here, of the whole one before it, which has them already.
      const copy = new Map([...(copies.get(log) ?? []), ...read.leaves]);
      copies.set(log, copy);
      const root = rootOfLeaves(copy, read.records);
      expect(bytesToHex(root), about).toBe(vectors.logs[log]!.batches[read.batch]!.statusRoot);
    }
    for (const { about, pack } of vectors.refusedPacks)
      expect(() => parseStatusPack(hexToBytes(pack)), about).toThrow(expect.objectContaining({ name: 'StatusError' }));
  });

  it('are refused where they must be', async () => {
    for (const proof of vectors.refusedProofs) expect(verifyStatus(claim(proof)).holds, proof.about).toBe(false);
    for (const { about, leaf } of vectors.refusedLeaves) {
      expect(() => parseStatusLeaf(hexToBytes(leaf)), about).toThrow(expect.objectContaining({ name: 'StatusError' }));
    }
    for (const { about, batches, batch } of vectors.refusedEvents) {
      const nodes = new MemoryNodes();
      for (const earlier of batches) await add(nodes, earlier);
      await expect(add(nodes, batch), about).rejects.toMatchObject({ code: 'bad-event' });
    }
  });
});

describe.skipIf(!hasPython())('a second implementation in Python', () => {
  const says = (input: unknown) => {
    const program = fileURLToPath(new URL('testing/status.py', import.meta.url));
    const { stdout, stderr } = spawnSync('python3', [program], { input: JSON.stringify(input), encoding: 'utf8' });
    return stdout.trim() || stderr.trim();
  };

  it('replays the vectors, and a log of ours, to the same roots and states', async () => {
    expect(says(vectors)).toMatch(/^23 logs replayed, 69 proofs hold, 42 packs read, 61 refused$/);
    const log = await ownLog();
    expect(says({ logs: [log] })).toBe(`1 logs replayed, ${log.proofs.length} proofs hold, 0 packs read, 0 refused`);
    log.batches[100]!.statusRoot = log.batches[99]!.statusRoot;
    expect(says({ logs: [log] })).toContain('another root');
  });
});

const goIsThere = hasGo();
describe.skipIf(!goIsThere)('golang.org/x/mod/sumdb/tlog', () => {
  it(
    'finds the leaf in the root in every proof of the vectors and of ours, and in no changed one',
    { timeout: 60_000 },
    async () => {
      const program = fileURLToPath(new URL('testing/check.go', import.meta.url));
      const env = { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' };
      const held = (proofs: readonly Claim[]) => {
        const { stdout, stderr } = spawnSync('go', ['run', program], {
          input: JSON.stringify(proofs),
          env,
          encoding: 'utf8',
        });
        return stdout.trim() || stderr;
      };
      const proofs = [...vectors.logs.flatMap((log) => log.proofs), ...(await ownLog()).proofs];
      const changed = proofs.map((proof) => ({
        ...proof,
        leaf: proof.leaf.replace(/^./, (c) => (c === '1' ? '0' : '1')),
      }));
      expect(held([...proofs, ...changed])).toBe(`${proofs.length}`);
    },
  );
});
