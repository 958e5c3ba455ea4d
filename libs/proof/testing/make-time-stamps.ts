import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatRfc3161Attestation } from '#tsp/attestation.js';
import { createRoot, SIGNER_EXTENSIONS } from '#tsp/testing/certificate-authority.js';
import { craftToken, writeTstInfo } from '#tsp/testing/stamp.js';
import type { TimeStamps } from './time-stamps.js';

const STAMPED_AT = new Date('2026-03-01T08:05:00Z');
const WEEK_MS = 7 * 86_400_000;

/** Lets openssl make the time-stamps of `time-stamps.json` over a text, with new keys. */
export async function makeTimeStamps(text: string): Promise<TimeStamps> {
  const message = new TextEncoder().encode(text);
  const root = await createRoot({ commonName: 'Vectors root' });
  const stranger = await createRoot({ commonName: 'Other root' });
  const issuer = await root.issueAuthority({ commonName: 'Vectors issuer' });
  const listOf = (authority: typeof root, from: Date) =>
    authority.revocationList({ from, until: new Date(from.getTime() + WEEK_MS) });
  const rootList = await listOf(root, new Date('2026-03-01T00:00:00Z'));
  const make = async (options: Partial<Parameters<typeof issuer.issue>[0]>, about = message) => {
    const signer = await issuer.issue({ commonName: 'Vectors authority', extensions: SIGNER_EXTENSIONS, ...options });
    const tstInfo = writeTstInfo({ message: about, genTime: STAMPED_AT });
    return { signer, token: await craftToken({ tstInfo, signers: [signer], chain: [issuer] }) };
  };
  const attestation = (token: Uint8Array, revocations: Uint8Array[]) =>
    formatRfc3161Attestation({ token, certificates: [root.der], revocations });

  const early = await listOf(issuer, new Date('2026-03-01T00:00:00Z'));
  const good = await make({});
  const expired = await make({ validUntil: new Date('2026-03-15T00:00:00Z') });
  const foreign = await make({}, new TextEncoder().encode('other text'));
  const lax = await make({
    extensions: SIGNER_EXTENSIONS.map((line) => line.replace('extendedKeyUsage=critical,', 'extendedKeyUsage=')),
  });
  const superseded = await make({});
  await issuer.revoke(superseded.signer, { at: new Date('2026-03-20T00:00:00Z'), reason: 'superseded' });
  const compromised = await make({});
  await issuer.revoke(compromised.signer, { at: new Date('2026-03-21T00:00:00Z'), reason: 'keyCompromise' });
  const revoked = await make({});
  await issuer.revoke(revoked.signer, { at: new Date('2026-02-20T00:00:00Z'), reason: 'superseded' });
  const late = await listOf(issuer, new Date('2026-03-25T00:00:00Z'));

  const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64');
  const stamps: TimeStamps = {
    about: 'Time-stamps by openssl over the signed text of the first sample proof. Made by make-time-stamps.ts.',
    text,
    root: base64(root.der),
    otherRoot: base64(stranger.der),
    attestations: {
      good: attestation(good.token, [early, rootList]),
      withoutLists: attestation(good.token, []),
      expired: attestation(expired.token, [early, rootList]),
      supersededLater: attestation(superseded.token, [late, rootList]),
      compromisedLater: attestation(compromised.token, [late, rootList]),
      revokedBefore: attestation(revoked.token, [late, rootList]),
      otherText: attestation(foreign.token, [early, rootList]),
      laxPurpose: attestation(lax.token, [early, rootList]),
    },
  };
  await Promise.all([root, stranger].map(({ keyFile }) => rm(dirname(keyFile), { recursive: true, force: true })));
  return stamps;
}
