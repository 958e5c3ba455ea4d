import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { inclusionPathSides, rootFromInclusionProof } from '#merkle/inclusion.js';
import { parseTimestamp, serializeDetachedFile, serializeTimestamp } from '#ots/codec.js';
import { graftTimestamp } from '#ots/merge.js';
import { askReference, referenceIsInstalled } from '#ots/testing/reference.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { MAX_PATH_OPERATIONS, type Timestamp } from '#ots/timestamp.js';
import { PROOF_FORMAT } from '#proof/format.js';
import type { Proof } from '#proof/proof.js';
import { formatBatchEntry } from '#statement/batch-entry.js';
import { entryBytes } from '#statement/entry.js';
import { buildRecordStatement, parseStatement } from '#statement/statement.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { signNote } from '#tlog/note.js';
import { bitcoinAttestation, commitTo, completeTimestamp, MAX_ANSWER_BYTES } from './calendar-timestamp.js';

const ADDRESS = 'https://calendar.example';
const filler = (what: string) => sha256(new TextEncoder().encode(what));
const fillers = (what: string, count: number) => Array.from({ length: count }, (_, i) => filler(`${what} ${i}`));

/** The worst a chain can ask for: a whole block of the smallest transactions has 2^15 leaves at the most (4,000,000 weight units over 240),
 * and a message of a timestamp has at most 4096 bytes. */
const BLOCK_LEVELS = 15;
const TRANSACTION_BYTES = 4096;

/** A record of a calendar at the left edge of a batch and a log of these sizes, where every sibling stands on the costly side. */
function proofAtTheEdge(messageHex: string, batchSize: number, logSize: number): Proof {
  const origin = `${'o'.repeat(60)}.example/${'p'.repeat(50)}`;
  const statement = buildRecordStatement({
    agency: 'calendar.example',
    profile: 'generic@1',
    digests: { sha256: messageHex },
    receivedAt: '2026-03-01T08:00:00.123Z',
    nonce: '00'.repeat(16),
  });
  const climb = (what: string, leaf: Uint8Array, size: number) => {
    const path = fillers(what, inclusionPathSides(0, size).length);
    return { path: path.map(bytesToHex), root: rootFromInclusionProof(leaf, 0, size, path) };
  };
  const parsed = parseStatement(JSON.parse(statement));
  const batch = climb('record', leafHash(entryBytes(parsed, statement)), batchSize);
  const beacon = `bitcoin 4294967295 ${'f'.repeat(64)}`;
  const sealedAt = '2026-03-01T08:00:01.000Z';
  const { root } = batch;
  const entry = formatBatchEntry({
    origin,
    number: 0,
    size: batchSize,
    first: 0,
    sealedAt,
    beacon,
    root,
    statusRoot: filler('status'),
  });
  const log = climb('batch', leafHash(entry), logSize);
  const signer = ed25519NoteSigner(origin, filler('key'));
  const note = signNote(formatCheckpoint({ origin, size: logSize, root: log.root }), [signer]);

  const before = new Uint8Array(TRANSACTION_BYTES - 32 - 43).fill(2);
  let path = pathFrom(log.root).prepend(before).append(new Uint8Array(43).fill(3)).sha256().sha256();
  for (const sibling of fillers('transaction', BLOCK_LEVELS)) path = path.append(sibling).sha256().sha256();
  const timestamp = base64.encode(serializeTimestamp(path.end([{ type: 'bitcoin', height: 10_000_000 }])));
  return {
    format: PROOF_FORMAT,
    id: '019590fe-0000-7000-8000-000000000000',
    statement: parsed,
    batch: { index: 0, path: batch.path, entry: base64.encode(entry), checkpoint: note },
    log: { key: '', checkpoints: [{ path: log.path, note, attestations: [{ type: 'opentimestamps', timestamp }] }] },
  };
}

const depths = (timestamp: Timestamp) => listAttestations(timestamp).map(({ depth }) => depth);

describe('a commitment', () => {
  it('is the SHA-256 of digest and nonce, and promises the rest at the address', () => {
    const digest = filler('digest');
    const nonce = new Uint8Array(16).fill(7);
    const { message, timestamp } = commitTo(digest, nonce, ADDRESS);
    expect(message).toEqual(sha256(Uint8Array.from([...digest, ...nonce])));
    expect(listAttestations(parseTimestamp(timestamp, digest, { canonical: true }))).toMatchObject([
      { attestation: { type: 'pending', uri: ADDRESS }, message, depth: 2 },
    ]);
  });
});

describe('the way to Bitcoin', () => {
  /** What a stock client does with a very large set of files before it posts: a nonce for each, and a tree over them. */
  const FILES_LEVELS = 20;
  const stamped = (digest: Uint8Array) => {
    let path = pathFrom(digest).append(new Uint8Array(16).fill(9)).sha256();
    for (const sibling of fillers('file', FILES_LEVELS)) path = path.append(sibling).sha256();
    return path;
  };

  it('fits what stock clients read from the largest batch, a log of 136 years of a batch a second, and a million files', () => {
    const digest = filler('document');
    const client = stamped(digest);
    const { message, timestamp } = commitTo(client.message, new Uint8Array(16).fill(7), ADDRESS);
    const bytes = completeTimestamp(proofAtTheEdge(bytesToHex(message), 2 ** 20, 2 ** 32));
    expect(bytes.length).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(bytes.length).toBeGreaterThan(6500);

    const answer = parseTimestamp(bytes, message, { canonical: true });
    const whole = graftTimestamp(client.end(parseTimestamp(timestamp, client.message)), answer);
    expect(depths(answer)).toEqual([211]);
    expect(depths(whole)).toEqual([44, 255]);
    expect(Math.max(...depths(whole))).toBeLessThanOrEqual(MAX_PATH_OPERATIONS);

    if (!referenceIsInstalled()) return;
    const file = bytesToHex(serializeDetachedFile({ hash: 'sha256', digest, timestamp: whole }));
    const [read] = askReference([{ do: 'parse-file', bytes: file }]);
    expect(read).toMatchObject({ ok: true, bytes: file });
    expect((read as { attestations: unknown[] }).attestations).toHaveLength(2);
  });

  it('fits from a posted digest alone in a log of 2^46 batches', () => {
    const { message } = commitTo(filler('document'), new Uint8Array(16), ADDRESS);
    const answer = parseTimestamp(completeTimestamp(proofAtTheEdge(bytesToHex(message), 2 ** 20, 2 ** 46)), message);
    expect(depths(answer)[0]! + 2).toBeLessThanOrEqual(MAX_PATH_OPERATIONS);
  });

  it('is not answered with anything but Bitcoin in it', () => {
    const root = pathFrom(filler('root'));
    const tip = root.sha256();
    const bitcoin = { type: 'bitcoin', height: 1 } as const;
    const stored = serializeTimestamp(tip.end([bitcoin]));
    expect(bitcoinAttestation(stored, root.message)).toEqual({
      type: 'opentimestamps',
      timestamp: base64.encode(stored),
    });
    const both = serializeTimestamp(tip.end([{ type: 'pending', uri: ADDRESS }, bitcoin]));
    expect(() => bitcoinAttestation(both, root.message)).toThrow(/expected Bitcoin attestations, got pending/);
  });

  it('is not answered from the root of another checkpoint', () => {
    const proof = proofAtTheEdge('11'.repeat(32), 3, 5);
    proof.log.checkpoints[0]!.path[0] = bytesToHex(filler('another'));
    expect(() => completeTimestamp(proof)).toThrow(/expected a timestamp of the message it reached/);
  });

  it('is not answered when stock clients would cut it off', () => {
    const proof = proofAtTheEdge('11'.repeat(32), 3, 5);
    let path = pathFrom(rootOf(proof));
    for (let i = 0; i < 3; i++) path = path.append(new Uint8Array(4000).fill(i)).sha256();
    const long = serializeTimestamp(path.end([{ type: 'bitcoin', height: 1 }]));
    proof.log.checkpoints[0]!.attestations = [{ type: 'opentimestamps', timestamp: base64.encode(long) }];
    expect(() => completeTimestamp(proof)).toThrow(/expected at most 10000 bytes/);
  });
});

/** Root of the proof's one checkpoint. */
function rootOf({ log }: Proof): Uint8Array {
  return base64.decode(log.checkpoints[0]!.note.split('\n')[2]!);
}
