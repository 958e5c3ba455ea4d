import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { serializeTimestamp } from '#ots/codec.js';
import type { RecordStatement } from '#statement/statement.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { formatProof, type Proof } from '../proof.js';
import type { StatusProof } from '../status-proof.js';
import type { Verdict } from '../verification.js';
import { pathIntoBlock, type SampleBlock, sampleBlock } from './sample-block.js';
import { type SampleChange, SampleLog, type SampleRecord } from './sample-log.js';
import { source, type VectorCase } from './vector-case.js';

/** What is logged about a record, batch by batch. */
export type Changes = (record: SampleRecord) => SampleChange[];

/** A log with one record that is looked at. */
export interface RecordLog {
  log: SampleLog;
  record: SampleRecord;
}

/** What a vector about a status has instead of the usual. */
export type StatusVectorChange = Partial<Omit<VectorCase, 'about' | 'proof' | 'verdict'>>;

const HEIGHT = 120;
const BLOCK_TIME_SECONDS = Date.parse('2026-03-01T09:00:00Z') / 1000;

/** A log whose record has ordinal 100 of 161, then each list of changes in a batch of its own, sealed from 08:02 on, and a batch of others. */
export function recordLog(batches: Changes[] = [], statement: Partial<RecordStatement> = {}): RecordLog {
  const log = new SampleLog();
  log.seal({ others: 100 });
  const [record] = log.seal({ records: [statement], others: 60 });
  for (const changes of batches) log.seal({ changes: changes(record!), others: 1 });
  log.seal({ others: 40 });
  return { log, record: record! };
}

/** The record's proof, with its status changed. */
export function proofOf({ log, record }: RecordLog, change: (status: StatusProof) => void = () => {}): Proof {
  const proof = structuredClone(log.proof(record));
  change(proof.status!);
  return proof;
}

/** A vector about a record's status, whose checkpoint a block attests, an hour before it is asked; the author names what is not as usual. */
export function statusVector(
  about: string,
  verdict: Verdict,
  proof: Proof,
  { checks = {}, ...rest }: StatusVectorChange = {},
): VectorCase {
  const { anchored, blocks } = anchor(proof);
  return {
    about,
    proof: formatProof(anchored),
    digests: { sha256: anchored.statement.digests.sha256! },
    trustedKeys: [anchored.log.key],
    blockSources: [source(blocks)],
    now: '2026-03-01T10:00:00.000Z',
    verdict,
    checks: {
      ...(verdict === 'mismatch' || proof.status!.events.length === 0 ? {} : { 'status-history': 'passed' }),
      ...checks,
    },
    ...rest,
  };
}

/** The proof with a block's attestation of the status' checkpoint, in place of any that it had. */
function anchor(proof: Proof): { anchored: Proof; blocks: SampleBlock[] } {
  const status = proof.status!;
  const { root } = parseCheckpoint(parseNote(status.checkpoint.note).text);
  const path = pathIntoBlock(root, HEIGHT);
  const timestamp = base64.encode(serializeTimestamp(path.end([{ type: 'bitcoin', height: HEIGHT }])));
  const checkpoint = { ...status.checkpoint, attestations: [{ type: 'opentimestamps' as const, timestamp }] };
  return {
    anchored: { ...proof, status: { ...status, checkpoint } },
    blocks: [sampleBlock(HEIGHT, path.message, BLOCK_TIME_SECONDS)],
  };
}

/** A hash in hex with its first bit flipped. */
export function flippedHash(hex: string): string {
  return bytesToHex(hexToBytes(hex).map((byte, i) => (i === 0 ? byte ^ 0x80 : byte)));
}
