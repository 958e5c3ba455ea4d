import type { IHasher } from 'hash-wasm';
import type { DigestAlgorithm } from '#statement/digest.js';

/**
 * Makes a streaming hasher. Each algorithm's WebAssembly is a chunk of its own and is loaded when first needed:
 * most documents need SHA-256 only.
 */
export async function createHasher(algorithm: DigestAlgorithm): Promise<IHasher> {
  switch (algorithm) {
    case 'sha256':
      return (await import('hash-wasm/dist/sha256.umd.min.js')).default.createSHA256();
    case 'sha512':
      return (await import('hash-wasm/dist/sha512.umd.min.js')).default.createSHA512();
    case 'sha3-256':
      return (await import('hash-wasm/dist/sha3.umd.min.js')).default.createSHA3(256);
    case 'sm3':
      return (await import('hash-wasm/dist/sm3.umd.min.js')).default.createSM3();
  }
}
