import { agencySigner, type Signer } from '#sdk/signing.js';
import { CliError } from './cli-error.js';
import type { Context } from './context.js';
import { readInput } from './input-file.js';
import { connect } from './service.js';
import { asCliErrors, type ServiceClient } from './service-client.js';

/**
 * What signs with the agency's key in the file of `--agency-key` (PEM, PKCS #8, Ed25519), which must be registered with the service: it says whose the key is, and so in whose name is signed.
 * Undefined without the option.
 *
 * @throws CliError `no-input`, `usage`, `unavailable`, `protocol`
 */
export async function findSigner(
  context: Context,
  options: { url?: string | undefined; agencyKey?: string | undefined },
): Promise<Signer | undefined> {
  const { agencyKey: file } = options;
  if (file === undefined) return undefined;
  const privateKey = (await readInput(file)).toString('utf8');
  const signer = await asCliErrors(Promise.resolve().then(() => agencySigner({ agency: '', privateKey })));
  return { ...signer, agency: await agencyOf(connect(context, options), signer.key) };
}

async function agencyOf(client: ServiceClient, key: string): Promise<string> {
  const service = (await client.json('/.well-known/sealroot.json')) as {
    agencies?: { domain?: unknown; signingKeys?: { key?: unknown }[] }[];
  } | null;
  for (const { domain, signingKeys = [] } of service?.agencies ?? [])
    if (typeof domain === 'string' && signingKeys.some((one) => one.key === key)) return domain;
  throw new CliError('usage', `Reading --agency-key: expected a key that ${client.url} has registered, got ${key}`);
}
