import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { formatNote } from '#tlog/note.js';
import { formatVerifierKey, keyId, type NoteSigner } from '#tlog/verifier-key.js';

/** Nest injection token of the service's {@link SigningKey}. */
export const SIGNING_KEY = Symbol('SIGNING_KEY');

/** Mode of every file that holds a secret: readable by its owner alone. */
const SECRET_MODE = 0o600;

/** Why a signing key cannot be used. */
export class SigningKeyError extends Error {
  constructor(
    readonly code: 'missing' | 'unreadable' | 'not-ed25519',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SigningKeyError';
  }
}

/** An Ed25519 public key as a JSON Web Key (RFC 8037). */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}

/** The service's Ed25519 key. It signs checkpoints and receipts (as notes) and status lists (as JWTs); the private half never leaves this object. */
export class SigningKey {
  readonly #key: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** RFC 7638 thumbprint of the public JWK, base64url. */
  readonly kid: string;
  readonly #x: string;

  constructor(key: KeyObject) {
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new SigningKeyError(
        'not-ed25519',
        `Reading the signing key: expected an Ed25519 key, got ${key.asymmetricKeyType}`,
      );
    }
    this.#key = key;
    this.#x = createPublicKey(key).export({ format: 'jwk' }).x!;
    this.publicKey = new Uint8Array(Buffer.from(this.#x, 'base64url'));
    this.kid = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${this.#x}"}`).digest('base64url');
  }

  /** Signature over `message`, 64 bytes (RFC 8032). */
  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#key);
  }

  /** A signer of C2SP notes under `name`. */
  noteSigner(name: string): NoteSigner {
    return { name, publicKey: this.publicKey, sign: (message) => this.sign(message) };
  }

  /** The public key under `name` as a C2SP verifier key string. */
  verifierKey(name: string): string {
    return formatVerifierKey(name, this.publicKey);
  }

  /** The public key as published at `/.well-known/jwks.json`. */
  jwk(): PublicJwk {
    return { kty: 'OKP', crv: 'Ed25519', x: this.#x, kid: this.kid, alg: 'EdDSA', use: 'sig' };
  }

  /** `text` (ends with a newline) as a C2SP note signed under `name`. The signature is made on libuv's thread pool, off the event loop. */
  async signNote(name: string, text: string): Promise<string> {
    const signature = await this.#signAside(Buffer.from(text, 'utf8'));
    return formatNote({ text, signatures: [{ name, keyId: keyId(name, this.publicKey), signature }] });
  }

  /** A compact JWS (RFC 7515) of type `typ` over `payload`, signed with EdDSA, off the event loop. */
  async signJwt(typ: string, payload: Record<string, unknown>): Promise<string> {
    const head = Buffer.from(`{"alg":"EdDSA","typ":${JSON.stringify(typ)},"kid":"${this.kid}"}`).toString('base64url');
    const input = `${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    return `${input}.${(await this.#signAside(Buffer.from(input, 'latin1'))).toString('base64url')}`;
  }

  #signAside(message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      sign(null, message, this.#key, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
  }
}

/** A key from PEM text (PKCS #8).
 * @throws SigningKeyError `unreadable`, `not-ed25519`; the message never quotes the text */
export function signingKeyFromPem(pem: string, source: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's message may quote its input, so it is not kept as the cause.
    throw new SigningKeyError(
      'unreadable',
      `Reading the signing key from ${source}: expected an Ed25519 private key in PEM (PKCS #8)`,
    );
  }
  return new SigningKey(key);
}

/** The key named by the configuration.
 * @throws SigningKeyError `missing` when neither a file nor a text is configured */
export async function loadSigningKey(config: {
  signingKey?: string | undefined;
  signingKeyFile?: string | undefined;
}): Promise<SigningKey> {
  if (config.signingKey) return signingKeyFromPem(config.signingKey.replaceAll('\\n', '\n'), 'SIGNING_KEY');
  if (!config.signingKeyFile) {
    throw new SigningKeyError(
      'missing',
      'The service has no signing key: set SIGNING_KEY_FILE or SIGNING_KEY to an Ed25519 key in PEM',
    );
  }
  let pem: string;
  try {
    pem = await readFile(config.signingKeyFile, 'utf8');
  } catch (cause) {
    throw new SigningKeyError('unreadable', `Reading the signing key: cannot read ${config.signingKeyFile}`, { cause });
  }
  return signingKeyFromPem(pem, config.signingKeyFile);
}

/** Writes a new key to `path` (mode 0600) unless a file is there already. */
export async function ensureSigningKeyFile(path: string): Promise<void> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await ensureSecretFile(path, pem as string);
}

/** Writes `text` to `path` with mode 0600 unless a file is there already; resolves to whether it was written. */
export async function ensureSecretFile(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: SECRET_MODE, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
