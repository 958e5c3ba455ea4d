import { ed25519 } from '@noble/curves/ed25519.js';
import { base64, base64urlnopad } from '@scure/base';
import { keyIdOf, possessionText } from '#signature/agency-key.js';
import { type AgencySigner, signAlone, signGroup } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import { type AgencySignature, GROUP_MAX_LINES } from '#statement/agency-signature.js';
import { formatTime, normalizeTime } from '#statement/time.js';
import { SdkError } from './error.js';
import type { RecordRequest } from './record.js';
import type { StatusChange } from './status.js';

/** The agency's own key, which is registered with the service, and whose it is. One of your own, in an HSM say, needs no more than this. */
export interface Signer extends AgencySigner {
  /** Domain name of the agency. */
  agency: string;
}

/** A signer whose key is here. */
export interface LocalSigner extends Signer {
  /** 32 bytes. */
  publicKey: Uint8Array;
}

/** DER of an Ed25519 private key (RFC 8410), without attributes, up to its 32 bytes. */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const SEED_BYTES = 32;

/** A signer with an Ed25519 private key: PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it, or its 32 bytes. @throws SdkError `bad-input` */
export function agencySigner({ agency, privateKey }: { agency: string; privateKey: string | Uint8Array }): LocalSigner {
  const seed = typeof privateKey === 'string' ? readPem(privateKey) : privateKey;
  if (seed.length !== SEED_BYTES)
    throw new SdkError('bad-input', `Reading a private key: expected ${SEED_BYTES} bytes, got ${seed.length}`);
  const publicKey = ed25519.getPublicKey(seed);
  return { agency, key: keyIdOf(publicKey), publicKey, sign: (message) => ed25519.sign(message, seed) };
}

/** What is posted to `/v1/signing-keys` to have the key registered with the service that writes the log of this origin. */
export async function keyRegistration(
  signer: LocalSigner,
  logOrigin: string,
): Promise<{ publicKey: string; possession: string }> {
  const { agency, publicKey } = signer;
  const possession = await signer.sign(new TextEncoder().encode(possessionText(agency, logOrigin, publicKey)));
  return { publicKey: base64urlnopad.encode(publicKey), possession: base64urlnopad.encode(possession) };
}

/** Records with the agency's signature: one alone, several as groups of up to 4,096, each one signature. One that carries a signature keeps it. */
export async function signRecords(records: readonly RecordRequest[], signer: Signer): Promise<RecordRequest[]> {
  const signed = [...records];
  const places = [...signed.keys()].filter((i) => signed[i]!.agencySignature === undefined);
  for (let from = 0; from < places.length; from += GROUP_MAX_LINES) {
    const group = places.slice(from, from + GROUP_MAX_LINES);
    const signatures = await sign(
      group.map((i) => recordInput(signed[i]!, signer)),
      signer,
    );
    group.forEach((i, at) => (signed[i] = { ...signed[i]!, agencySignature: signatures[at]! }));
  }
  return signed;
}

/** A change of status with the agency's signature: of one record, a list of up to 4,096, or a range. What is signed says since when: now unless given.
 * @throws SdkError `bad-input` for a longer list */
export async function signChange<Change extends StatusChange>(
  change: Change,
  about: { records: readonly string[] } | { range: { first: number; count: number } },
  signer: Signer,
  now: Date,
): Promise<Change & Pick<StatusChange, 'effectiveAt' | 'agencySignature'>> {
  if (change.agencySignature !== undefined) return change;
  const { by, effectiveAt = formatTime(now.getTime()), reason, to } = change;
  const since = normalizeTime(effectiveAt) ?? effectiveAt;
  const said = { v: 1, kind: 'status', agency: signer.agency, to, reason, by, effectiveAt: since };
  const abouts = 'range' in about ? [{ range: about.range }] : about.records.map((record) => ({ record }));
  if (abouts.length === 0 || abouts.length > GROUP_MAX_LINES)
    throw new SdkError('bad-input', `Signing changes: expected 1 to ${GROUP_MAX_LINES} records, got ${abouts.length}`);
  const inputs = abouts.map((one) => signingInput({ ...said, ...one }));
  const [{ group: _, ...agencySignature }] = (await sign(inputs, signer)) as [AgencySignature];
  return { ...change, effectiveAt: since, agencySignature };
}

/** The agency's signature of what it relies on. */
export async function signReliance(record: string, purpose: string, signer: Signer): Promise<AgencySignature> {
  return signAlone(signingInput({ v: 1, kind: 'reliance', agency: signer.agency, record, purpose }), signer);
}

async function sign(inputs: readonly string[], signer: Signer): Promise<AgencySignature[]> {
  const [only] = inputs;
  return inputs.length === 1 ? [await signAlone(only!, signer)] : signGroup(signer.agency, inputs, signer);
}

/** What is signed of a record: its statement has times in their one form. */
function recordInput(record: RecordRequest, { agency }: Signer): string {
  const time = (text: string | undefined) => (text === undefined ? undefined : (normalizeTime(text) ?? text));
  const { validFrom, validUntil } = record;
  const said = { ...record, validFrom: time(validFrom), validUntil: time(validUntil) };
  return signingInput({ v: 1, kind: 'record', agency, ...said });
}

function readPem(text: string): Uint8Array {
  const [, body] =
    /^-----BEGIN PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PRIVATE KEY-----\s*$/.exec(text) ?? [];
  let der: Uint8Array | undefined;
  try {
    der = base64.decode((body ?? '').replaceAll(/\s/g, ''));
  } catch {
    // What cannot be read is not repeated: it may be a key.
  }
  if (der?.length !== PKCS8_HEAD.length + SEED_BYTES || PKCS8_HEAD.some((byte, i) => der[i] !== byte))
    throw new SdkError(
      'bad-input',
      'Reading a private key: expected an Ed25519 key in PEM (PKCS #8), got something else',
    );
  return der.slice(PKCS8_HEAD.length);
}
