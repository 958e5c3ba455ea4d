import type { IHasher } from 'hash-wasm';
import sha256 from 'hash-wasm/dist/sha256.umd.min.js';
import type { DigestAlgorithm } from '#statement/digest.js';

const loadRare = () => import('./rare-hashers.js');

/**
 * Fetches the hashers that do not come with the page itself, and does not wait for them. To be called once the page is shown, and not when one
 * is first needed: a service that goes away after the page was loaded must not take the hashing with it.
 */
export function preloadHashers(): void {
  loadRare().catch((error: unknown) => console.info('the rarer hash functions could not be fetched yet:', error));
}

/** Makes a streaming hasher. */
export async function createHasher(algorithm: DigestAlgorithm): Promise<IHasher> {
  return algorithm === 'sha256' ? sha256.createSHA256() : (await loadRare()).createRareHasher(algorithm);
}
