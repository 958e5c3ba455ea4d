import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { verify, createPublicKey } from 'node:crypto';
import { CONFIG, type Config } from '#config/config.js';
import { describeError, logSparsely } from '#config/sparse-log.js';
import type { Agency } from '#database/agency.repository.js';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { AgencyRepository } from '#database/agency.repository.js';
import type { Actor } from '#database/audit-log.repository.js';
import { SigningKeyRepository, type SigningKeyRow } from '#database/signing-key.repository.js';
import { Registrar, RegistrarError } from '#intake/registrar.js';
import { jwkText, keyIdOf, parsePublicKey, possessionText } from '#signature/agency-key.js';
import { SignatureError } from '#signature/error.js';
import { idHex, registrationClaims, registrationReference } from '#signature/registration.js';
import { EndedRecords } from '../log/ended-records.js';
import { Problem } from '../problems/problem.js';

/** What is asked for, checked by its schema. */
export interface SigningKeyRequest {
  publicKey: string;
  possession: string;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
}

/** Longest wait for the record of a key to be in the log, and the pause between two looks, in milliseconds. */
const SEALED_WAIT_MS = 5000;
const LOOK_EVERY_MS = 100;

/** Shortest pause between two looks for what is left to be done, in milliseconds: anybody may list keys. */
const COMPLETE_EVERY_MS = 1000;

/** Keys by which agencies sign what they notarise: wanted in a row, said in the log by the registrar. What a crash leaves between the two is done when the next process
 * starts, and whenever keys are listed or changed. */
@Injectable()
export class SigningKeysService implements OnApplicationBootstrap {
  readonly #logger = new Logger('signing-keys');
  #nextLookMs = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    private readonly agencies: AgencyRepository,
    private readonly profiles: AgencyProfileRepository,
    private readonly keys: SigningKeyRepository,
    private readonly registrar: Registrar,
    private readonly ended: EndedRecords,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#carryOver();
    void this.#complete();
  }

  /** All keys of all agencies, by the agency's domain, newest first: for everybody. */
  async published(): Promise<Map<string, object[]>> {
    await this.#complete();
    const byAgency = new Map<string, object[]>();
    for (const key of await this.keys.published()) {
      const listed = byAgency.get(key.agency) ?? [];
      byAgency.set(key.agency, listed);
      listed.push(toJson(key));
    }
    return byAgency;
  }

  /** @throws Problem `agency-not-found` */
  async list(domain: string): Promise<object> {
    if (domain.includes('\0')) throw notFound(domain);
    await this.#complete();
    const keys = await this.keys.published(domain);
    // Anybody may ask: not from the connections that intake needs.
    if (keys.length === 0 && !(await this.profiles.has(domain))) throw notFound(domain);
    return { signingKeys: keys.map(toJson) };
  }

  /** Registers a key for the agency with this domain. @throws Problem `agency-not-found`, and as {@link register} */
  async registerFor(by: Actor, domain: string, request: SigningKeyRequest): Promise<object> {
    return this.register(by, await this.#agency(domain), request);
  }

  /** Registers a key; one that is registered for the agency already is answered again.
   * @throws Problem `invalid-body`, `signing-key-taken`, `no-registrar` */
  async register(by: Actor, agency: Pick<Agency, 'id' | 'domain'>, request: SigningKeyRequest): Promise<object> {
    const publicKey = readPublicKey(request.publicKey);
    const possession = Buffer.from(request.possession, 'base64url');
    const text = possessionText(agency.domain, this.config.logOrigin, publicKey);
    if (!verify(null, Buffer.from(text), nativeKey(request.publicKey), possession)) {
      const detail = `expected the key's Ed25519 signature over ${JSON.stringify(text)}`;
      throw invalid('/possession', detail);
    }
    const keyId = keyIdOf(publicKey);
    const validFrom = request.validFrom === undefined ? new Date() : new Date(request.validFrom);
    const validUntil = request.validUntil === undefined ? null : new Date(request.validUntil);
    if (validUntil !== null && validUntil < validFrom)
      throw invalid('/validUntil', `expected a time not before validFrom ${validFrom.toISOString()}`);
    const row = { keyId, agencyId: agency.id, publicKey: Buffer.from(publicKey), possession, validFrom, validUntil };
    await this.keys.create(row, by);
    const stored = await this.keys.find(keyId);
    if (stored?.agencyId !== agency.id)
      throw new Problem('signing-key-taken', `Key ${keyId} is registered for another agency.`);
    await this.#completeOne(stored);
    return toJson(await this.#sealed(keyId));
  }

  /** @throws Problem `agency-not-found`, `signing-key-not-found` */
  async revokeFor(by: Actor, domain: string, keyId: string, reason: string): Promise<object> {
    return this.revoke(by, await this.#agency(domain), keyId, reason);
  }

  /** Revokes a key: at once for what is submitted, and in the log when its registration is there.
   * @throws Problem `signing-key-not-found` */
  async revoke(by: Actor, agency: Pick<Agency, 'id' | 'domain'>, keyId: string, reason: string): Promise<object> {
    const isThere = !keyId.includes('\0') && (await this.keys.revoke(agency.id, keyId, reason, by));
    if (!isThere) {
      const detail = `Agency ${agency.domain} has no signing key ${JSON.stringify(keyId)}.`;
      throw new Problem('signing-key-not-found', detail);
    }
    const stored = (await this.#sealed(keyId))!;
    await this.#completeOne(stored);
    return toJson(stored);
  }

  /** The key when its record is in the log, or after a while. */
  async #sealed(keyId: string): Promise<SigningKeyRow> {
    const endMs = performance.now() + SEALED_WAIT_MS;
    for (;;) {
      const key = (await this.keys.find(keyId))!;
      if (key.sealed || performance.now() > endMs) return key;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Does what a crash, or a record that was not in the log yet, has left to be done; looks for it once in a while. Never throws: it is done by the next one. */
  async #complete(): Promise<void> {
    if (performance.now() < this.#nextLookMs) return;
    this.#nextLookMs = performance.now() + COMPLETE_EVERY_MS;
    try {
      for (const key of await this.keys.due()) await this.#completeOne(key);
    } catch (error) {
      logSparsely(this.#logger, 'warn', `a signing key's place in the log is still to come: ${describeError(error)}`);
    }
  }

  /** Where the log follows one that has ended, has the keys registered in it too: before requests come, so that none is taken whose key this log does not know. */
  async #carryOver(): Promise<void> {
    const ended = await this.ended.among(async () =>
      (await this.keys.published()).flatMap(({ recordId, revokedAt }) =>
        recordId === null || revokedAt !== null ? [] : [recordId],
      ),
    );
    if (ended.length > 0) await this.keys.forgetRecords(ended);
  }

  async #completeOne(key: SigningKeyRow): Promise<void> {
    let { recordId } = key;
    if (recordId === null) {
      recordId = (await this.#registered(key)).id;
      await this.keys.setRecord(key.keyId, recordId);
    }
    if (key.revokedAt === null) return;
    const outcome = await this.registrar.end(recordId, key.revokedReason!, key.revokedAt.toISOString());
    if (outcome === 'ended') await this.keys.setRevocationLodged(key.keyId);
  }

  async #registered({ agency, keyId, possession, publicKey, validFrom, validUntil }: SigningKeyRow) {
    try {
      return await this.registrar.register({
        reference: registrationReference(keyId, this.config.logOrigin),
        sha256: idHex(keyId),
        claims: registrationClaims(agency, publicKey, possession),
        validFrom: validFrom.toISOString(),
        validUntil: validUntil?.toISOString(),
      });
    } catch (error) {
      if (error instanceof RegistrarError) throw new Problem('no-registrar', error.message, { cause: error });
      throw error;
    }
  }

  async #agency(domain: string): Promise<Agency> {
    const agency = domain.includes('\0') ? null : await this.agencies.find(domain);
    if (!agency) throw notFound(domain);
    return agency;
  }
}

function notFound(domain: string): Problem {
  return new Problem('agency-not-found', `There is no agency ${JSON.stringify(domain)}.`);
}

function readPublicKey(text: string): Uint8Array {
  try {
    return parsePublicKey(text);
  } catch (error) {
    if (error instanceof SignatureError) throw invalid('/publicKey', error.message);
    throw error;
  }
}

function nativeKey(x: string) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function invalid(pointer: string, detail: string): Problem {
  return new Problem('invalid-body', `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}

function toJson(key: SigningKeyRow): object {
  return {
    key: key.keyId,
    algorithm: 'Ed25519',
    jwk: JSON.parse(jwkText(key.publicKey)) as object,
    validFrom: key.validFrom.toISOString(),
    validUntil: key.validUntil?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    ...(key.revokedReason === null ? {} : { reason: key.revokedReason }),
    record: key.recordId,
    inLog: key.sealed,
  };
}
