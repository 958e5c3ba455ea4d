import { randomBytes } from 'node:crypto';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** A record that the service has acknowledged. */
export interface Acknowledged {
  id: string;
  sha256: string;
  leafHash: string;
}

interface Answer {
  records: ({ outcome: 'accepted'; id: string; leafHash: string } | { outcome: 'rejected' })[];
}

/** Posts `count` new random digests as one array; resolves to those acknowledged. Rejects when there is no answer. */
export async function postRecords(url: string, apiKey: string, count: number): Promise<Acknowledged[]> {
  const digests = Array.from({ length: count }, () => randomBytes(32).toString('hex'));
  const answer = await fetch(`${url}/v1/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(digests.map((sha256) => ({ profile: 'generic@1', digests: { sha256 } }))),
  });
  if (!answer.ok) throw new Error(`POST /v1/records: ${answer.status} ${await answer.text()}`);
  const { records } = (await answer.json()) as Answer;
  return records.flatMap((record, i) =>
    record.outcome === 'accepted' ? [{ id: record.id, leafHash: record.leafHash, sha256: digests[i]! }] : [],
  );
}

/** Waits for the record's proof and verifies it from public data alone: the digest, the proof, and nothing else.
 * @returns where its leaf stands, `<batch>/<index>` */
export async function proveRecord(url: string, record: Acknowledged, timeoutMs = 120_000): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await fetch(`${url}/v1/records/${record.id}/proof`);
    const text = await answer.text();
    if (answer.ok) {
      const proof = parseProof(text);
      const verification = await verifyProof({
        proof,
        digests: { sha256: hexToBytes(record.sha256) },
        now: new Date(),
      });
      if (verification.verdict !== 'pending')
        throw new Error(`record ${record.id}: expected pending, got ${JSON.stringify(verification, null, 1)}`);
      return placeOf(text, record);
    }
    if (answer.status !== 404 || Date.now() > deadline)
      throw new Error(`proof of ${record.id}: ${answer.status} ${text}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The leaf that was acknowledged must be the one in the tree, at the place that the proof names. */
function placeOf(text: string, record: Acknowledged): string {
  const { batch } = JSON.parse(text) as { batch: { index: number; path: string[]; entry: string } };
  const entry = parseBatchEntry(base64.decode(batch.entry));
  const holds = verifyInclusion({
    leaf: hexToBytes(record.leafHash),
    index: batch.index,
    size: entry.size,
    path: batch.path.map((hex) => hexToBytes(hex)),
    root: entry.root,
  });
  if (!holds)
    throw new Error(
      `record ${record.id}: leaf ${record.leafHash} is not at ${entry.number}/${batch.index}, entry ${bytesToHex(leafHash(entry.root))}`,
    );
  return `${entry.number}/${batch.index}`;
}
