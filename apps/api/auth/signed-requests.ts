import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { SignatureNonceRepository } from '#database/signature-nonce.repository.js';
import { announcesBody } from '../limits/unread-body.js';
import { Problem } from '../problems/problem.js';
import { AgencyCache } from './agency-cache.js';
import {
  ACCEPTED_SIGNATURE,
  HttpSignatureError,
  readContentDigest,
  readSignature,
  type RequestSignature,
  type SignedMessage,
} from './http-signature.js';
import type { KnownKey } from './key-cache.js';

/** Pause between two looks for nonces that are kept no more. */
const PURGE_EVERY_MS = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 that the body must have, 32 bytes, because its sender has signed it; null where nothing is said. */
    bodyDigest: Uint8Array | null;
  }
}

/** Credentials of agencies that sign their requests (RFC 9421), decided on the head of a request alone. */
@Injectable()
export class SignedRequests implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('signatures');
  /** Keys as OpenSSL has them, for as long as somebody remembers whose they are. */
  readonly #keys = new WeakMap<KnownKey, KeyObject>();
  readonly #address: URL | null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) { publicUrl }: Pick<Config, 'publicUrl'>,
    private readonly agencies: AgencyCache,
    private readonly nonces: SignatureNonceRepository,
  ) {
    this.#address = publicUrl === undefined ? null : new URL(publicUrl);
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#purge(), PURGE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Who has signed the request, which is then used up; what its body must be is put on it.
   * @throws Problem `unauthorized`, `busy` */
  async admit(request: FastifyRequest): Promise<KnownKey> {
    const message = this.#messageOf(request);
    const { signature, bodyDigest } = this.#read(request, message);
    const known = await this.agencies.findSigner(signature.keyId);
    if (known === null || !verify(null, signature.base, this.#keyOf(known), signature.signature))
      throw refused('The signature is wrong, or its key unknown, revoked or expired.');
    if (!(await this.nonces.take(known.agency.key.prefix, signature.nonce)))
      throw refused('Signature-Input: expected a nonce that was not used before: each attempt is signed anew');
    request.bodyDigest = bodyDigest;
    this.agencies.used(known);
    return known;
  }

  #read(
    request: FastifyRequest,
    message: SignedMessage,
  ): { signature: RequestSignature; bodyDigest: Uint8Array | null } {
    try {
      const signature = readSignature(message, announcesBody(request.headers), Date.now());
      return { signature, bodyDigest: signature.covers.has('content-digest') ? readContentDigest(message) : null };
    } catch (error) {
      if (error instanceof HttpSignatureError) throw refused(error.message);
      throw error;
    }
  }

  /** A request as its sender saw it, who knows the service by its public address. */
  #messageOf({ raw, method, protocol, host }: FastifyRequest): SignedMessage {
    const address = this.#address;
    const target = raw.url ?? '/';
    const end = target.indexOf('?');
    return {
      method,
      authority: address === null ? authorityOf(protocol, host) : address.host,
      path: `${address?.pathname.replace(/\/$/, '') ?? ''}${end === -1 ? target : target.slice(0, end)}`,
      query: end === -1 ? '?' : target.slice(end),
      rawHeaders: raw.rawHeaders,
    };
  }

  #keyOf(known: KnownKey): KeyObject {
    let key = this.#keys.get(known);
    if (key === undefined) {
      const x = Buffer.from(known.agency.key.publicKey!).toString('base64url');
      key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      this.#keys.set(known, key);
    }
    return key;
  }

  async #purge(): Promise<void> {
    try {
      while (await this.nonces.purge());
    } catch (error) {
      logSparsely(this.#logger, 'warn', `old nonces were not purged: ${describeRootCause(error)}`);
    }
  }
}

/** A `Host` as it is signed: in small letters, without the scheme's own port. */
function authorityOf(protocol: string, host: string): string {
  return host.toLowerCase().replace(protocol === 'https' ? /:443$/ : /:80$/, '');
}

function refused(detail: string): Problem {
  return new Problem('unauthorized', detail, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"', 'accept-signature': ACCEPTED_SIGNATURE },
  });
}
