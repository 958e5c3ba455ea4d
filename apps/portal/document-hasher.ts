import type { IHasher } from 'hash-wasm';
import sha256 from 'hash-wasm/dist/sha256.umd.min.js';
import sha3 from 'hash-wasm/dist/sha3.umd.min.js';
import sha512 from 'hash-wasm/dist/sha512.umd.min.js';
import sm3 from 'hash-wasm/dist/sm3.umd.min.js';
import type { DigestAlgorithm } from '#statement/digest.js';

/**
 * Makes a streaming hasher. All four come with the page and not when first needed: a service that goes away after the page
 * was loaded must not take the hashing with it.
 */
export function createHasher(algorithm: DigestAlgorithm): Promise<IHasher> {
  switch (algorithm) {
    case 'sha256':
      return sha256.createSHA256();
    case 'sha512':
      return sha512.createSHA512();
    case 'sha3-256':
      return sha3.createSHA3(256);
    case 'sm3':
      return sm3.createSM3();
  }
}
