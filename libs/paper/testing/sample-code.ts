import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { leafHash } from '#merkle/hash.js';
import { treePath, treeRoot } from '#proof/testing/sample-tree.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { blindedDigest, digestOf } from '#statement/blinding.js';
import { entryBytes } from '#statement/entry.js';
import { formatStatement, type RecordStatement } from '#statement/statement.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { signNote } from '#tlog/note.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import type { CarriedText } from '../code.js';
import type { SealedRecord } from '../make.js';

const ORIGIN = 'permits.example/log';

/** A permit of about the size that codes are made for. */
export const PERMIT_TEXT =
  'GATE PERMIT 2026/04711\nHarbour zone B, gate 3\nVehicle AB 1234 C, one driver\nValid 1 March 2026, 06:00 to 22:00\nIssued by the Port Authority';

/** What a sample permit is to be like. */
export interface SamplePermit {
  text?: string;
  /** Entries in its batch, and its own index. */
  size?: number;
  index?: number;
  /** Number of the batch. */
  batch?: number;
  /** Members in place of, or besides, those of the statement. */
  statement?: Partial<RecordStatement>;
  origin?: string;
}

/** A permit that was sealed in a batch whose other entries are made up, with all that a code is made of. The same options give the same bytes. */
export function samplePermit({
  text = PERMIT_TEXT,
  size = 3000,
  index = 2100,
  batch = 71,
  ...rest
}: SamplePermit = {}) {
  const { origin = ORIGIN } = rest;
  const signer = (name: string) => ed25519NoteSigner(name, sha256(utf8ToBytes('sample log key')));
  const salt = sha256(utf8ToBytes('sample salt'));
  const document: CarriedText = { text, salt };
  const digest = blindedDigest('sha256', salt, digestOf('sha256', utf8ToBytes(text)));
  const statement: RecordStatement = {
    v: 1,
    kind: 'record',
    agency: 'port.example.gov',
    profile: 'permit@1',
    digests: { sha256: bytesToHex(digest) },
    blinded: true,
    receivedAt: '2026-02-27T09:30:00.123Z',
    nonce: bytesToHex(sha256(utf8ToBytes('sample nonce')).slice(0, 16)),
    validFrom: '2026-03-01T06:00:00.000Z',
    validUntil: '2026-03-01T22:00:00.000Z',
    ...rest.statement,
  };
  const leaves = Array.from({ length: size }, (_, i) => leafHash(utf8ToBytes(`other permit ${i}`)));
  leaves[index] = leafHash(entryBytes(statement, formatStatement(statement)));
  const root = treeRoot(leaves);
  const own = batchOrigin(origin, batch);
  const logKey = formatVerifierKey(origin, signer(origin).publicKey);
  const record: SealedRecord = {
    statement,
    batch: { number: batch, size },
    index,
    path: treePath(index, leaves),
    checkpoint: signNote(formatCheckpoint({ origin: own, size, root }), [signer(own)]),
    logKey,
  };
  return { record, document, leaves, root, logKey, signer };
}
