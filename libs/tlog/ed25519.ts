import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';

const { Point } = ed25519;

/** Bytes of an Ed25519 signature. */
export const ED25519_SIGNATURE_BYTES = 64;
/** Bytes of an Ed25519 public key. */
export const ED25519_KEY_BYTES = 32;

/** Answers that are remembered: the proofs of many records carry the same few signed checkpoints. */
const REMEMBERED = 64;
const remembered = new Map<string, boolean>();

/**
 * Whether `signature` is the Ed25519 signature of `message` by `publicKey`, by the equation without cofactor: S is below the group's order,
 * and the encoding of [S]B − [k]A is the signature's first half, byte for byte. Go's crypto/ed25519 and OpenSSL decide so; a verifier that
 * multiplies by the cofactor accepts more, and whoever holds the key could sign what those refuse. A public key is decoded as there:
 * y may be p or above, x may be a zero that is marked negative. False for any other lengths than 64 and 32.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES || publicKey.length !== ED25519_KEY_BYTES) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= Point.Fn.ORDER) return false;
  const hash = sha512(concatBytes(r, publicKey, message));
  const asked = bytesToHex(concatBytes(hash, signature, publicKey));
  const known = remembered.get(asked);
  if (known !== undefined) return known;
  const answer = satisfiesEquation(r, s, publicKey, hash);
  const [oldest] = remembered.keys();
  if (remembered.size === REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  remembered.set(asked, answer);
  return answer;
}

function satisfiesEquation(r: Uint8Array, s: bigint, publicKey: Uint8Array, hash: Uint8Array): boolean {
  const key = decodePoint(publicKey);
  if (key === null) return false;
  const k = Point.Fn.create(littleEndian(hash));
  const expected = Point.BASE.multiplyUnsafe(s).add(key.negate().multiplyUnsafe(k)).toBytes();
  return expected.every((byte, i) => byte === r[i]);
}

/** The point that 32 bytes encode; null when no point of the curve has this y. */
function decodePoint(bytes: Uint8Array): InstanceType<typeof Point> | null {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    // Of 32 bytes the library refuses only those without a point, and says so with a plain Error.
    return null;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}
