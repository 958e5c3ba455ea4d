import { bytesToHex } from '@noble/hashes/utils.js';
import { leafHash } from '#merkle/hash.js';
import type { AnchorFinding } from '#proof/anchors/finding.js';
import { formatProof, readProof, type Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { primaryDigest } from '#statement/digest.js';
import { entryBytes as recordEntry } from '#statement/entry.js';

/** A step on the way from a document to what is outside of the log, with the values that it is computed from. */
export interface PathStep {
  name: 'document' | 'entry' | 'batch' | 'log' | 'anchor';
  /** What it comes to, hex; of an anchor nothing. */
  valueHex?: string;
  /** Hashes beside it on the way here, hex, the nearest first. */
  siblings: readonly string[];
  /** Number of the batch, or size of the log. */
  number?: number;
  anchor?: AnchorFinding;
}

/** The way that a proof leads, in order; the earliest checkpoint of the log, and every anchor that was looked at. */
export function pathOf(proof: Proof, { findings }: Verification): PathStep[] {
  const { batch, checkpoints, entry, entryBytes, statementText } = withParts(proof);
  const [first] = checkpoints;
  const anchors = findings.filter((finding): finding is AnchorFinding => finding.check === 'anchor');
  return [
    { name: 'document', valueHex: bytesToHex(primaryDigest(proof.statement.digests).bytes), siblings: [] },
    {
      name: 'entry',
      valueHex: bytesToHex(leafHash(recordEntry(proof.statement, statementText))),
      siblings: batch.path,
    },
    { name: 'batch', valueHex: bytesToHex(entry.root), siblings: [], number: entry.number },
    {
      name: 'log',
      valueHex: bytesToHex(first!.root),
      // The batch stands in the log as the hash of its entry.
      siblings: [bytesToHex(leafHash(entryBytes)), ...first!.path],
      number: first!.size,
    },
    ...anchors.map((anchor): PathStep => ({ name: 'anchor', siblings: [], anchor })),
  ];
}

function withParts(proof: Proof) {
  const { batchCheckpoint: _, ...read } = readProof(formatProof(proof));
  return { ...read, batch: proof.batch };
}
