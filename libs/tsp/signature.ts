import { verifyEd25519 } from '#tlog/ed25519.js';
import { unsupportedKey } from './algorithm-name.js';
import type { DigestName, KeyParameters, SignatureAlgorithm, Subtle } from './algorithm.js';
import { elementsOf, readDer, readInteger, TAG } from './der.js';
import { TspError } from './error.js';
import type { PublicKey } from './public-key.js';

/** A signature algorithm with its key and, where it leaves the digest open, the one that stands beside. */
export interface SignatureCheck {
  subtle: Subtle;
  key: PublicKey;
  algorithm: SignatureAlgorithm;
  beside?: DigestName;
}

/** Whether `signature` over `data` is by this key. A key of another kind than the algorithm's is a no.
 * @throws TspError `unsupported` when the key is of a kind that nothing here has, `weak-algorithm` when it is unfit, `bad-certificate` when it is none,
 * `too-large` beyond the number of signatures that `subtle` allows */
export async function verifySignature(
  { subtle, key, algorithm, beside }: SignatureCheck,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { kind, spki } = key;
  if (kind.key === 'other') throw unsupportedKey('Verifying a signature', kind.oid);
  if (kind.key === 'unfit') throw new TspError('weak-algorithm', `Verifying a signature: ${kind.why}`);
  if (kind.key !== (algorithm.key === 'RSA-PSS' ? 'RSA' : algorithm.key)) return false;
  if (kind.key === 'Ed25519') {
    subtle.spend?.();
    return verifyEd25519(signature, data, key.bits);
  }
  const hash = algorithm.digest ?? beside;
  if (hash === undefined) return false;
  const imported = async (parameters: KeyParameters) => {
    try {
      return await subtle.importKey('spki', plain(spki), parameters, false, ['verify']);
    } catch (cause) {
      throw new TspError('bad-certificate', `Reading a public key: expected one of ${kind.key}, got none`, { cause });
    }
  };
  if (kind.key === 'ECDSA') {
    const pair = fixedPair(signature, kind.bytes);
    if (!pair) return false;
    const point = await imported({ name: 'ECDSA', namedCurve: kind.curve });
    return subtle.verify({ name: 'ECDSA', hash }, point, plain(pair), plain(data));
  }
  if (algorithm.key === 'RSA-PSS') {
    if (kind.pss === 'only' && kind.parameters !== null) {
      const { digest, saltLength } = kind.parameters;
      if (digest !== hash || algorithm.saltLength < saltLength) return false;
    }
    const modulus = await imported({ name: 'RSA-PSS', hash });
    return subtle.verify({ name: 'RSA-PSS', saltLength: algorithm.saltLength }, modulus, plain(signature), plain(data));
  }
  if (kind.pss === 'only') return false;
  const parameters = { name: 'RSASSA-PKCS1-v1_5', hash };
  return subtle.verify(parameters, await imported(parameters), plain(signature), plain(data));
}

/** An ECDSA signature (SEQUENCE of r and s) as Web Crypto takes it: r ‖ s, each of `bytes` bytes. Null when it is none. */
function fixedPair(signature: Uint8Array, bytes: number): Uint8Array | null {
  const pair = new Uint8Array(2 * bytes);
  try {
    const fields = elementsOf(readDer(signature, 'an ECDSA signature'), 'an ECDSA signature');
    for (const end of [bytes, 2 * bytes]) {
      const element = fields.take(TAG.integer);
      if (readInteger(element, 'an ECDSA signature', bytes + 1) <= 0n) return null;
      const digits = element.content[0] === 0 ? element.content.subarray(1) : element.content;
      if (digits.length > bytes) return null;
      pair.set(digits, end - digits.length);
    }
    fields.end();
  } catch (error) {
    if (error instanceof TspError) return null;
    throw error;
  }
  return pair;
}

/** Web Crypto's types want bytes that are not shared between threads. */
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
