import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;
const ORDER = Point.Fn.ORDER;
const P = Point.Fp.ORDER;

/** A signature, and what stock verifiers say of it; byte strings in hex. */
export interface Ed25519Case {
  about: string;
  message: string;
  publicKey: string;
  signature: string;
  /** By the equation without cofactor, which node:crypto and Go's crypto/ed25519 use. */
  valid: boolean;
}

/** A point of order 8: [n]TORSION are all eight points of small order. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
const torsion = (n: number): Point => TORSION.multiplyUnsafe(BigInt(n));

function encode(value: bigint, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

const decode = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The bytes with the bit set that marks x as negative. */
const marked = (bytes: Uint8Array): Uint8Array => bytes.with(31, bytes[31]! | 0x80);

const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  Point.Fn.create(decode(sha512(concatBytes(r, key, message))));

const scalar = (label: string): bigint => Point.Fn.create(decode(sha512(utf8ToBytes(label))));

interface Forgery {
  about: string;
  /** Secret scalar of the key, 0 for a key of small order, and the key's part of small order. */
  secret: bigint;
  keyTorsion: Point;
  /** Scalar of R, and R's part of small order. */
  nonce: bigint;
  nonceTorsion: Point;
  /** Other encodings of key and R than the usual ones, of the same points. */
  key?: Uint8Array;
  r?: Uint8Array;
  valid: boolean;
}

/** A signature that satisfies the equation with cofactor, over the first message for which the one without holds, or not, as `valid` asks. */
function forge({ about, secret, keyTorsion, nonce, nonceTorsion, valid, ...given }: Forgery): Ed25519Case {
  const times = (n: bigint) => Point.BASE.multiplyUnsafe(n);
  const key = given.key ?? times(secret).add(keyTorsion).toBytes();
  const usual = times(nonce).add(nonceTorsion).toBytes();
  const r = given.r ?? usual;
  for (let i = 0; ; i++) {
    const message = utf8ToBytes(`${about} ${i}`);
    const k = challenge(r, key, message);
    const holds = nonceTorsion.add(keyTorsion.multiplyUnsafe(k)).is0();
    if (holds === (valid || given.r !== undefined)) {
      const signature = concatBytes(r, encode(Point.Fn.create(nonce + k * secret)));
      return caseOf(about, message, key, signature, valid);
    }
  }
}

function caseOf(
  about: string,
  message: Uint8Array,
  key: Uint8Array,
  signature: Uint8Array,
  valid: boolean,
): Ed25519Case {
  const [m, k, s] = [message, key, signature].map((bytes) => bytesToHex(bytes)) as [string, string, string];
  return { about, message: m, publicKey: k, signature: s, valid };
}

/** Signatures on which Ed25519 verifiers differ, after "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), § 5, made anew. */
export function ed25519Cases(): Ed25519Case[] {
  const zero = torsion(0);
  const secret = scalar('key');
  const nonce = scalar('nonce');
  const seed = sha512(utf8ToBytes('seed')).slice(0, 32);
  const message = utf8ToBytes('plain');
  const plainKey = ed25519.getPublicKey(seed);
  const plain = ed25519.sign(message, seed);
  const withScalar = (s: bigint) => concatBytes(plain.slice(0, 32), encode(s));
  const s = decode(plain.slice(32));
  const base = { secret, keyTorsion: zero, nonce, nonceTorsion: zero };
  const small = { secret: 0n, nonce: 0n };

  return [
    caseOf('an ordinary signature', message, plainKey, plain, true),
    caseOf('an ordinary signature of another message', utf8ToBytes('other'), plainKey, plain, false),
    caseOf('S plus the order', message, plainKey, withScalar(s + ORDER), false),
    caseOf('S plus eight times the order', message, plainKey, withScalar(s + 8n * ORDER), false),
    caseOf('S with its top bit set', message, plainKey, withScalar(s | (1n << 255n)), false),
    forge({ ...base, about: 'R with a part of small order', nonceTorsion: torsion(1), valid: false }),
    forge({ ...base, about: 'key with a part of small order, which counts', keyTorsion: torsion(1), valid: false }),
    forge({
      ...base,
      about: 'key with a part of small order, which the challenge cancels',
      keyTorsion: torsion(1),
      valid: true,
    }),
    forge({
      ...base,
      about: 'key and R with parts of small order, which cancel',
      keyTorsion: torsion(1),
      nonceTorsion: torsion(3),
      valid: true,
    }),
    forge({
      ...base,
      about: 'key and R with parts of small order, which do not cancel',
      keyTorsion: torsion(1),
      nonceTorsion: torsion(3),
      valid: false,
    }),
    forge({
      ...base,
      about: 'R of small order under a mixed key',
      keyTorsion: torsion(1),
      nonce: 0n,
      nonceTorsion: torsion(5),
      valid: true,
    }),
    forge({
      ...base,
      about: 'R of small order under a mixed key, only with cofactor',
      keyTorsion: torsion(1),
      nonce: 0n,
      nonceTorsion: torsion(5),
      valid: false,
    }),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
      forge({
        ...small,
        about: `key of small order, number ${n}`,
        keyTorsion: torsion(n),
        nonceTorsion: torsion((8 - n) % 8),
        valid: true,
      }),
    ),
    forge({
      ...small,
      about: 'key of small order, only with cofactor',
      keyTorsion: torsion(1),
      nonceTorsion: torsion(2),
      valid: false,
    }),
    forge({
      ...base,
      ...small,
      about: 'mixed R under a key of small order',
      keyTorsion: torsion(4),
      nonce,
      nonceTorsion: torsion(4),
      valid: true,
    }),
    // Encodings that are not the usual ones. The identity has y = 1, the point of order two y = −1, both x = 0; two of order four have y = 0.
    forge({
      ...small,
      about: 'key: the identity with x marked negative',
      keyTorsion: zero,
      nonceTorsion: zero,
      key: marked(encode(1n)),
      valid: true,
    }),
    forge({
      ...small,
      about: 'key: the identity with y of p + 1',
      keyTorsion: zero,
      nonceTorsion: zero,
      key: encode(P + 1n),
      valid: true,
    }),
    forge({
      ...small,
      about: 'key: the identity with y of p + 1 and x marked negative',
      keyTorsion: zero,
      nonceTorsion: zero,
      key: marked(encode(P + 1n)),
      valid: true,
    }),
    forge({
      ...small,
      about: 'key: order two with x marked negative',
      keyTorsion: torsion(4),
      nonceTorsion: torsion(4),
      key: marked(encode(P - 1n)),
      valid: true,
    }),
    forge({
      ...small,
      about: 'key: order four with y of p',
      keyTorsion: torsionWith(encode(P)),
      nonceTorsion: zero,
      key: encode(P),
      valid: true,
    }),
    forge({
      ...small,
      about: 'key: order four with y of p and x marked negative',
      keyTorsion: torsionWith(marked(encode(P))),
      nonceTorsion: zero,
      key: marked(encode(P)),
      valid: true,
    }),
    forge({ ...base, about: 'R: the identity with x marked negative', nonce: 0n, r: marked(encode(1n)), valid: false }),
    forge({ ...base, about: 'R: the identity with y of p + 1', nonce: 0n, r: encode(P + 1n), valid: false }),
    forge({
      ...small,
      about: 'R: order two with x marked negative',
      keyTorsion: torsion(4),
      nonceTorsion: torsion(4),
      r: marked(encode(P - 1n)),
      valid: false,
    }),
    caseOf('a key that is no point', message, encode(2n), plain, false),
    caseOf('a key that is no point, all ones', message, new Uint8Array(32).fill(0xff), plain, false),
    caseOf('an R that is no point', message, plainKey, concatBytes(encode(2n), plain.slice(32)), false),
    caseOf('all zeros', message, new Uint8Array(32), new Uint8Array(64), false),
  ];
}

const torsionWith = (encoding: Uint8Array): Point => Point.fromBytes(encoding, true);
