import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { GOPATH, hasGo } from '#setting/testing/programs.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { entryBytes } from '#statement/entry.js';
import { formatStatement } from '#statement/statement.js';
import { parseTlogProof } from '#tlog/tlog-proof.js';
import { formatVerifierKey, parseVerifierKey } from '#tlog/verifier-key.js';
import { sampleProof, type SampleProof } from './testing/sample-proof.js';
import { batchInLog, recordInBatch } from './tlog-proofs.js';

const available = hasGo();

/** The two claims of a proof as testing/verify-tlog-proof.go reads them; entries in base64. */
function claims({ proof, key }: SampleProof, batchNumber: number): { Key: string; Text: string; Entry: string }[] {
  const { name, publicKey } = parseVerifierKey(key);
  const record = entryBytes(proof.statement, formatStatement(proof.statement));
  return [
    {
      Key: formatVerifierKey(batchOrigin(name, batchNumber), publicKey),
      Text: recordInBatch(proof),
      Entry: base64.encode(record),
    },
    { Key: key, Text: batchInLog(proof), Entry: proof.batch.entry },
  ];
}

describe('tlog-proofs of a proof', () => {
  const shapes = [1, 2, 3, 7, 1000].flatMap((size) =>
    [...new Set([0, size >> 1, size - 1])].map((index) => ({
      batchSize: size,
      index,
      batchNumber: index,
      checkpoints: [{ size, attestations: [] }],
    })),
  );

  it.skipIf(!available)("are verified by Go's own note and tlog packages", { timeout: 120_000 }, () => {
    const input = shapes.flatMap((options) => claims(sampleProof(options), options.batchNumber));
    const run = (list: unknown) =>
      spawnSync('go', ['run', fileURLToPath(new URL('testing/verify-tlog-proof.go', import.meta.url))], {
        input: JSON.stringify(list),
        encoding: 'utf8',
        env: { ...process.env, GO111MODULE: 'off', GOPATH },
      });
    expect(run(input).stdout).toBe('verified\n');
    const wrong = { ...input.at(-1)!, Entry: input.at(-2)!.Entry };
    expect(run([wrong]).stdout).toContain('claim 0');
  });

  it('carry the index, the path and the checkpoint as they stand in the proof', () => {
    const { proof } = sampleProof({ batchSize: 7, index: 5, batchNumber: 3 });
    const record = parseTlogProof(recordInBatch(proof));
    expect(record).toMatchObject({ index: 5, checkpoint: proof.batch.checkpoint });
    expect(record.path).toHaveLength(proof.batch.path.length);
    expect(parseTlogProof(batchInLog(proof))).toMatchObject({ index: 3, checkpoint: proof.log.checkpoints[0]!.note });
  });
});
