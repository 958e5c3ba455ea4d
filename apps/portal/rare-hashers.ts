import type { IHasher } from 'hash-wasm';
import sha3 from 'hash-wasm/dist/sha3.umd.min.js';
import sha512 from 'hash-wasm/dist/sha512.umd.min.js';
import sm3 from 'hash-wasm/dist/sm3.umd.min.js';
import type { DigestAlgorithm } from '#statement/digest.js';

/** Makes a streaming hasher for the algorithms that few records have. */
export function createRareHasher(algorithm: Exclude<DigestAlgorithm, 'sha256'>): Promise<IHasher> {
  switch (algorithm) {
    case 'sha512':
      return sha512.createSHA512();
    case 'sha3-256':
      return sha3.createSHA3(256);
    case 'sm3':
      return sm3.createSM3();
  }
}
