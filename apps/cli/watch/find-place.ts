import { hexToBytes } from '@noble/hashes/utils.js';
import type { SeenHead } from '#audit/finding.js';
import { readHead, readTiles, tilesAt } from '#audit/head.js';
import type { LogSource } from '#audit/log-source.js';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { inclusionPath } from '#merkle/tile.js';
import { ProofError } from '#proof/error.js';
import { type ReadProof, readProof } from '#proof/proof.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { parseTime } from '#statement/time.js';
import { CliError } from '../cli-error.js';
import { requestProof } from '../proof-request.js';
import type { ServiceClient } from '../service-client.js';

/** Where a record stands in the log that was audited. */
export type Place =
  | { state: 'found'; ordinal: number }
  /** Its batch is not in the log yet, as far as that was audited. */
  | { state: 'not-yet' }
  /** The service does not know it. */
  | { state: 'unknown' }
  /** What the service says of its place does not hold in this log. */
  | { state: 'elsewhere' };

/**
 * Asks the service where a record stands, and checks it: its proof must lead from its own statement into the batch, and the batch must be in the tree of
 * the head that was audited, whatever checkpoint the proof shows.
 *
 * @throws CliError `unavailable`, `protocol`; AuditError `unreadable`
 */
export async function findPlace(id: string, head: SeenHead, client: ServiceClient, source: LogSource): Promise<Place> {
  let text: string;
  try {
    const answer = await requestProof(client, id);
    if (answer.state !== 'ready') return { state: 'not-yet' };
    text = answer.text;
  } catch (error) {
    if (error instanceof CliError && error.code === 'not-found') return { state: 'unknown' };
    throw error;
  }
  const proof = read(text, id);
  const { batch } = proof.proof;
  const { entry, entryBytes: bytes } = proof;
  const { root, size } = readHead(head.note);
  if (entry.number >= size) return { state: 'not-yet' };
  const path = await readTiles(() => inclusionPath(entry.number, size, tilesAt(size, source)));
  const isInLog = verifyInclusion({ leaf: leafHash(bytes), index: entry.number, size, path, root });
  const isInBatch = verifyInclusion({
    leaf: leafHash(entryBytes(proof.proof.statement, proof.statementText)),
    index: batch.index,
    size: entry.size,
    path: batch.path.map((hex) => hexToBytes(hex)),
    root: entry.root,
  });
  if (!isInLog || !isInBatch || idOf(proof) !== id) return { state: 'elsewhere' };
  return { state: 'found', ordinal: entry.first + batch.index };
}

function read(text: string, id: string): ReadProof {
  try {
    return readProof(text);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw new CliError('protocol', `Reading the proof of record ${id}: ${cause.message}`, { cause });
  }
}

/** The id that follows from the statement, whatever the proof says. */
function idOf({ proof: { statement }, statementText }: ReadProof): string {
  return recordId(parseTime(statement.receivedAt), statementHash(statementText));
}
