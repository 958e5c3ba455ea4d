import { execFileSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subtle } from './algorithm.js';
import { TspError } from './error.js';
import {
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from './testing/certificate-authority.js';
import { hasOpenssl } from './testing/openssl.js';
import { craftToken, writeTstInfo } from './testing/stamp.js';
import { parseTrustedRoots } from './trusted-roots.js';
import { verifyTimeStampToken } from './verify-token.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));
const FOLDER = fileURLToPath(new URL('testing', import.meta.url));
const message = new TextEncoder().encode('a checkpoint');
const JUNE_2025 = new Date('2025-06-01T12:00:00Z');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** What the verifier in Python says of a token with these lists and answers. */
function pythonSays(token: Uint8Array, revocations: readonly Uint8Array[], root: Uint8Array): string {
  const program = `
import base64, json, sys
sys.path.insert(0, sys.argv[1])
import time_stamp
given = json.load(sys.stdin)
attestation = time_stamp.read_attestation(given['attestation'])
status, _ = time_stamp.check(attestation, given['text'].encode(), [base64.b64decode(given['root'])])
print(status)`;
  const attestation = { token: base64(token), certificates: [], revocations: revocations.map(base64) };
  const input = JSON.stringify({ attestation, text: new TextDecoder().decode(message), root: base64(root) });
  return execFileSync('/usr/bin/python3', ['-c', program, FOLDER], { input, encoding: 'utf8' }).trim();
}

async function weSay(token: Uint8Array, revocations: readonly Uint8Array[], root: Uint8Array): Promise<string> {
  try {
    const trusted = parseTrustedRoots([root]);
    const subtle = webcrypto.subtle as unknown as Subtle;
    const input = { token, certificates: [], revocations, message, trusted, now: new Date(), subtle };
    const { status } = await verifyTimeStampToken(input);
    return status === 'trusted' ? 'passed' : 'unavailable';
  } catch (error) {
    if (error instanceof TspError) return 'failed';
    throw error;
  }
}

describe.skipIf(!withOpenssl)('a verifier that shares no code with ours', () => {
  let root: CertificateAuthority;
  let issuer: CertificateAuthority;
  beforeAll(async () => {
    root = await createRoot({ commonName: 'Root' });
    issuer = await root.issueAuthority({ commonName: 'Issuer' });
  });
  afterAll(() => rm(dirname(root.keyFile), { recursive: true, force: true }));

  async function signed(): Promise<{ signer: IssuedCertificate; token: Uint8Array }> {
    const signer = await issuer.issue({ commonName: 'Signer', extensions: SIGNER_EXTENSIONS });
    const tstInfo = writeTstInfo({ message, genTime: JUNE_2025 });
    return { signer, token: await craftToken({ tstInfo, signers: [signer], chain: [issuer] }) };
  }

  it('says the same of tokens with OCSP answers', async () => {
    const stranger = await createRoot({ commonName: 'Stranger' }, dirname(root.keyFile));
    const [good, before, later, harmless] = await Promise.all([signed(), signed(), signed(), signed()]);
    await issuer.revoke(before.signer, { at: new Date('2025-01-01T00:00:00Z'), reason: 'superseded' });
    await issuer.revoke(later.signer, { at: new Date('2026-01-01T00:00:00Z'), reason: 'keyCompromise' });
    await issuer.revoke(harmless.signer, { at: new Date('2026-01-01T00:00:00Z'), reason: 'superseded' });
    const cases: [string, Uint8Array, Uint8Array, string][] = [
      ['good', good.token, await issuer.ocspAnswer(good.signer), 'passed'],
      ['revoked before', before.token, await issuer.ocspAnswer(before.signer), 'failed'],
      ['revoked later for a compromise', later.token, await issuer.ocspAnswer(later.signer), 'failed'],
      ['revoked later without harm', harmless.token, await issuer.ocspAnswer(harmless.signer), 'passed'],
      ['about another', good.token, await issuer.ocspAnswer(before.signer), 'passed'],
      ['by another', before.token, await issuer.ocspAnswer(before.signer, stranger), 'passed'],
      ['a refusal', good.token, Uint8Array.of(0x30, 3, 10, 1, 6), 'failed'],
    ];
    for (const [why, token, answer, expected] of cases) {
      expect(await weSay(token, [answer], root.der), why).toBe(expected);
      expect(pythonSays(token, [answer], root.der), why).toBe(expected);
    }
  });
});
