import { expect, it } from 'vitest';
import { hexToBytes } from '@noble/hashes/utils.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { verifyProof } from '#proof/verify.js';
import { pathOf } from './proof-path.js';

it('a path leads from value to value, as anybody can compute', async () => {
  const { digests, proof } = sampleProof();
  const verification = await verifyProof({ proof, digests, now: new Date() });
  const [document, entry, batch, log, ...anchors] = pathOf(proof, verification);
  expect(document!.valueHex).toBe(Object.values(proof.statement.digests)[0]);
  const size = Number(proof.batch.checkpoint.split('\n')[1]);
  const root = rootFromInclusionProof(
    hexToBytes(entry!.valueHex!),
    proof.batch.index,
    size,
    entry!.siblings.map(hexToBytes),
  );
  expect(root).toEqual(hexToBytes(batch!.valueHex!));
  const [leaf, ...path] = log!.siblings.map(hexToBytes);
  expect(rootFromInclusionProof(leaf!, batch!.number!, log!.number!, path)).toEqual(hexToBytes(log!.valueHex!));
  expect(anchors.length).toBeGreaterThan(0);
});
