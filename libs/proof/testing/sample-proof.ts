import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import type { BlockSource } from '#source/block-source.js';
import type { EvmSource } from '#source/evm-source.js';
import { sampleEvmBlock, sampleEvmSource, type SampleEvmBlock } from '#evm/testing/sample-chain.js';
import { leafHash } from '#merkle/hash.js';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { batchOrigin, formatBatchEntry } from '#statement/batch-entry.js';
import { blindedDigest, digestOf } from '#statement/blinding.js';
import type { DigestAlgorithm, Digests } from '#statement/digest.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement, type RecordStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import { untouchedRoot } from '#status/node.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { signNote } from '#tlog/note.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import type { ProofAttestation } from '../anchors/kinds.js';
import type { ProofCheckpoint } from '../checkpoint.js';
import { formatProof, type Proof } from '../proof.js';
import { formatPath } from './format-path.js';
import { pathIntoBlock, sampleBlock, sampleBlockSource, type SampleBlock } from './sample-block.js';
import { treePath, treeRoot } from './sample-tree.js';

/** How an attestation of a sample looks: a calendar's promise, or a block of one of the made-up chains. */
export type SampleAttestation = 'pending' | 'bitcoin' | 'evm';

/** What a sample is to look like; everything has a default. */
export interface SampleOptions {
  /** The document; a short text unless given. */
  document?: Uint8Array;
  /** Which digests are recorded; SHA-256 unless given. */
  algorithms?: DigestAlgorithm[];
  /** Blind the digests with a fixed salt. */
  blinded?: boolean;
  /** Entries in the batch (3), and the record's index among them (1). */
  batchSize?: number;
  index?: number;
  /** The batch's number in the log (2). */
  batchNumber?: number;
  /** The covering checkpoints in ascending size: one of size 5 with one Bitcoin attestation unless given. */
  checkpoints?: { size: number; attestations: SampleAttestation[] }[];
  /** Members that replace or extend those of the statement. */
  statement?: Partial<RecordStatement>;
  origin?: string;
  beacon?: string | null;
  /** Seed of the log's key, 32 bytes. */
  seed?: Uint8Array;
}

/** A complete proof that holds, with everything around it. */
export interface SampleProof {
  proof: Proof;
  /** The proof as the service gives it out. */
  text: string;
  document: Uint8Array;
  /** Plain digests of the document. */
  digests: { [algorithm in DigestAlgorithm]?: Uint8Array };
  /** 32 bytes, when the digests are blinded. */
  salt: Uint8Array | undefined;
  /** The log's verifier key. */
  key: string;
  blocks: SampleBlock[];
  /** Serves `blocks`. */
  blockSource: BlockSource;
  evmBlocks: SampleEvmBlock[];
  /** Serves `evmBlocks`. */
  evmSource: EvmSource;
  /** A time after everything in the sample. */
  now: Date;
}

const RECEIVED_AT = '2026-03-01T08:00:00.123Z';
const SEALED_AT = '2026-03-01T08:00:01.000Z';
/** Entries in each of the batches before the sample's. */
const EARLIER_BATCH_SIZE = 5;
const BLOCK_TIME_SECONDS = 1_772_355_600;
const FIRST_HEIGHT = 120;
const FIRST_EVM_HEIGHT = 9001;

/** Makes a sample proof. The same options give the same bytes. */
export function sampleProof(options: SampleOptions = {}): SampleProof {
  const { batchSize = 3, index = 1, batchNumber = 2, origin = 'log.example/sealroot', beacon = null } = options;
  const { checkpoints = [{ size: 5, attestations: ['bitcoin'] }], algorithms = ['sha256'] } = options;
  const signer = (name: string) => ed25519NoteSigner(name, options.seed ?? sha256(utf8ToBytes('sample log key')));
  const document = options.document ?? utf8ToBytes('Licence no. 4711\n');
  const salt = options.blinded === true ? sha256(utf8ToBytes('sample salt')) : undefined;

  const digests: SampleProof['digests'] = {};
  const recorded: Digests = {};
  for (const algorithm of algorithms) {
    const digest = digestOf(algorithm, document);
    digests[algorithm] = digest;
    recorded[algorithm] = bytesToHex(salt === undefined ? digest : blindedDigest(algorithm, salt, digest));
  }
  const statement: RecordStatement = {
    v: 1,
    kind: 'record',
    agency: 'licences.example',
    profile: salt === undefined ? 'generic@1' : 'licence@1',
    digests: recorded,
    ...(salt === undefined ? {} : { blinded: true as const }),
    receivedAt: RECEIVED_AT,
    nonce: bytesToHex(sha256(utf8ToBytes('sample nonce')).slice(0, 16)),
    ...options.statement,
  };
  const jcs = formatStatement(statement);
  const batch = fillerLeaves('record', batchSize);
  batch[index] = leafHash(entryBytes(statement, jcs));
  const root = treeRoot(batch);
  const first = batchNumber * EARLIER_BATCH_SIZE;
  const entry = formatBatchEntry({
    origin,
    number: batchNumber,
    size: batchSize,
    first,
    sealedAt: SEALED_AT,
    beacon,
    root,
    statusRoot: untouchedRoot(first + batchSize),
  });

  const blocks: SampleBlock[] = [];
  const log = fillerLeaves('batch', Math.max(...checkpoints.map(({ size }) => size)));
  log[batchNumber] = leafHash(entry);
  const evmBlocks: SampleEvmBlock[] = [];
  const attest = (logRoot: Uint8Array, kind: SampleAttestation): ProofAttestation => {
    if (kind !== 'evm') return { type: 'opentimestamps', timestamp: timestamp(logRoot, kind) };
    const number = FIRST_EVM_HEIGHT + evmBlocks.length;
    const block = sampleEvmBlock(logRoot, { number, timestamp: BLOCK_TIME_SECONDS - 1800 + 12 * evmBlocks.length });
    evmBlocks.push(block);
    return { type: 'evm', ...block.attestation };
  };
  const timestamp = (logRoot: Uint8Array, kind: 'pending' | 'bitcoin'): string => {
    const height = FIRST_HEIGHT + blocks.length;
    if (kind === 'pending') {
      const promise = pathFrom(logRoot)
        .append(statementHash(`calendar ${height}`).slice(0, 16))
        .sha256();
      return base64.encode(serializeTimestamp(promise.end([{ type: 'pending', uri: 'https://calendar.example' }])));
    }
    const path = pathIntoBlock(logRoot, height);
    blocks.push(sampleBlock(height, path.message, BLOCK_TIME_SECONDS + blocks.length * 600));
    return base64.encode(serializeTimestamp(path.end([{ type: 'bitcoin', height }])));
  };
  const covering = checkpoints.map(({ size, attestations }): ProofCheckpoint => {
    const leaves = log.slice(0, size);
    const logRoot = treeRoot(leaves);
    return {
      path: formatPath(treePath(batchNumber, leaves)),
      note: signNote(formatCheckpoint({ origin, size, root: logRoot }), [signer(origin)]),
      attestations: attestations.map((kind) => attest(logRoot, kind)),
    };
  });
  const ownOrigin = batchOrigin(origin, batchNumber);
  const key = formatVerifierKey(origin, signer(origin).publicKey);
  const proof: Proof = {
    format: 'sealroot/proof@2',
    id: recordId(parseTime(statement.receivedAt), statementHash(jcs)),
    ...(salt === undefined ? {} : { salt: bytesToHex(salt) }),
    statement,
    batch: {
      index,
      path: formatPath(treePath(index, batch)),
      entry: base64.encode(entry),
      checkpoint: signNote(formatCheckpoint({ origin: ownOrigin, size: batchSize, root }), [signer(ownOrigin)]),
    },
    log: { key, checkpoints: covering },
  };
  return {
    proof,
    text: formatProof(proof),
    document,
    digests,
    salt,
    key,
    blocks,
    blockSource: sampleBlockSource(blocks),
    evmBlocks,
    evmSource: sampleEvmSource({ blocks: Object.fromEntries(evmBlocks.map(({ number, hash }) => [number, hash])) }),
    now: new Date('2026-04-01T00:00:00.000Z'),
  };
}

function fillerLeaves(what: string, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(utf8ToBytes(`other ${what} ${i}`)));
}
