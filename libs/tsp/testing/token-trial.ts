import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { TspError, type TspErrorCode } from '../error.js';
import { parseTrustedRoots } from '../trusted-roots.js';
import { type VerifiedToken, verifyTimeStampToken, type VerifyTokenInput } from '../verify-token.js';
import {
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from './certificate-authority.js';
import { craftToken, type CraftOptions, type TstInfoOptions, verifyWithOpenssl, writeTstInfo } from './stamp.js';

/** What the tokens are about, its SHA-256, and what a request for one is told apart by. */
export const MESSAGE = new TextEncoder().encode('log.example\n7\nAAAA\n');
export const IMPRINT = new Uint8Array(createHash('sha256').update(MESSAGE).digest());
export const NONCE = Uint8Array.from({ length: 16 }, (_, i) => 200 - i);

/** When tokens were made, unless told. */
export const STAMPED_AT = new Date('2025-06-01T12:00:00Z');

/** Where the signer's certificate says that its issuer's list is. */
export const LISTED = 'crlDistributionPoints=URI:http://crl.example/issuer.crl';

/** What a token is verified with, if not what most are; roots as DER. */
type Verified = Partial<Omit<VerifyTokenInput, 'trusted'>> & { roots?: readonly Uint8Array[] };

/** A root, an issuer below it, a signer below that; tokens by them, and what we and openssl say of tokens. */
export interface TokenTrial {
  readonly root: CertificateAuthority;
  readonly issuer: CertificateAuthority;
  readonly signer: IssuedCertificate;
  info(options?: Partial<TstInfoOptions>): Uint8Array;
  craft(options?: Partial<CraftOptions>): Promise<Uint8Array>;
  verify(token: Uint8Array, input?: Verified): Promise<VerifiedToken>;
  /** The code with which a token is refused. @throws Error when it is not */
  refusal(token: Uint8Array | Promise<Uint8Array>, input?: Verified): Promise<TspErrorCode>;
  /** Whether `openssl ts` accepts a token with the root alone. */
  openssl(token: Uint8Array, at?: Date, untrusted?: readonly string[]): Promise<boolean>;
}

/** Makes the three before the tests of a suite, whose first statement this is, and removes them after. */
export function useTokenTrial(): TokenTrial {
  let parties: Pick<TokenTrial, 'root' | 'issuer' | 'signer'>;
  beforeAll(async () => {
    const root = await createRoot({ commonName: 'Root' });
    const issuer = await root.issueAuthority({ commonName: 'Issuer' });
    const signer = await issuer.issue({ commonName: 'Signer', extensions: [...SIGNER_EXTENSIONS, LISTED] });
    parties = { root, issuer, signer };
  });
  afterAll(() => rm(dirname(parties.root.keyFile), { recursive: true, force: true }));

  const info: TokenTrial['info'] = (options = {}) =>
    writeTstInfo({ message: MESSAGE, genTime: STAMPED_AT, ...options });
  const verify: TokenTrial['verify'] = async (token, { roots = [parties.root.der], ...input } = {}) =>
    verifyTimeStampToken({
      token,
      certificates: [],
      revocations: [],
      message: MESSAGE,
      trusted: parseTrustedRoots(roots),
      now: new Date('2026-01-01T00:00:00Z'),
      subtle: globalThis.crypto.subtle,
      ...input,
    });
  return {
    get root() {
      return parties.root;
    },
    get issuer() {
      return parties.issuer;
    },
    get signer() {
      return parties.signer;
    },
    info,
    craft: (options = {}) =>
      craftToken({ tstInfo: info(), signers: [parties.signer], chain: [parties.issuer], ...options }),
    verify,
    async refusal(token, input = {}) {
      try {
        const { status } = await verify(await token, input);
        throw new Error(`expected a refusal, got ${status}`);
      } catch (error) {
        if (error instanceof TspError) return error.code;
        throw error;
      }
    },
    async openssl(token, at = STAMPED_AT, untrusted = []) {
      const answer = await verifyWithOpenssl({ token, message: MESSAGE, roots: [parties.root.pem], untrusted, at });
      return answer.accepted;
    },
  };
}
