import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { keyIdOf } from '#signature/agency-key.js';
import { type AgencySigner, signAlone, signGroup } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import { CliError } from '../cli-error.js';
import { readInput } from '../input-file.js';
import type { ServiceClient } from '../service-client.js';

/** Signs records, as they are posted, for their agency: one alone, several as a group. */
export type SignRecords = (records: readonly object[]) => Promise<AgencySignature[]>;

/**
 * Signing with the agency's key in this file (PEM, PKCS #8, Ed25519), which must be registered with the service: it says whose the key is, and so in whose name is signed.
 *
 * @throws CliError `no-input`, `usage`, `unavailable`, `protocol`
 */
export async function agencySigning(client: ServiceClient, file: string): Promise<SignRecords> {
  const privateKey = readPrivateKey((await readInput(file)).toString('utf8'), file);
  const publicKey = new Uint8Array(Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url'));
  const key = keyIdOf(publicKey);
  const agency = await agencyOf(client, key);
  const signer: AgencySigner = { key, sign: (message) => sign(null, message, privateKey) };
  return async (records) => {
    const inputs = records.map((record) => signingInput({ v: 1, kind: 'record', agency, ...record }));
    const [only] = inputs;
    if (inputs.length === 1) return [await signAlone(only!, signer)];
    return signGroup(agency, inputs, signer, (data) => hash('sha256', data, 'buffer'));
  };
}

function readPrivateKey(pem: string, file: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's message may quote its input.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new CliError('usage', `Reading --agency-key: expected an Ed25519 private key in PEM, got another file ${file}`);
}

async function agencyOf(client: ServiceClient, key: string): Promise<string> {
  const service = (await client.json('/.well-known/sealroot.json')) as {
    agencies?: { domain?: unknown; signingKeys?: { key?: unknown; revokedAt?: unknown }[] }[];
  } | null;
  for (const { domain, signingKeys = [] } of service?.agencies ?? [])
    if (typeof domain === 'string' && signingKeys.some((one) => one.key === key)) return domain;
  throw new CliError('usage', `Reading --agency-key: expected a key that ${client.url} has registered, got ${key}`);
}
