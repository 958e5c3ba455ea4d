import { fileURLToPath } from 'node:url';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { expect, it } from 'vitest';
import type { verifyEvmAttestation } from './attestation.js';
import { sampleEvmBlock } from './testing/sample-chain.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    verifyEvmAttestation: typeof verifyEvmAttestation;
  };
  const root = new Uint8Array(32).fill(5);
  const { attestation, hash } = sampleEvmBlock(root);
  // By value: arrays of another context have another class.
  expect(Buffer.from(library.verifyEvmAttestation(attestation, root).blockHash).toString('hex')).toBe(hash);
});
