import { createPublicKey } from 'node:crypto';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { readInput } from '../input-file.js';
import { connect, findAdminToken, warnIfUnencrypted } from '../service.js';
import type { ServiceClient, ServiceRequest } from '../service-client.js';
import { visible } from '../terminal.js';

/** Options that every operator's command has. */
export interface AdminOptions {
  url?: string | undefined;
  adminTokenFile?: string | undefined;
  json?: true | undefined;
}

interface Agency {
  domain: string;
  name?: string | null;
  createdAt?: string;
}

interface Key {
  prefix: string;
  label?: string | null;
  scopes?: string[];
  createdAt?: string;
  expiresAt?: string | null;
  revokedAt?: string | null;
  lastUsedAt?: string | null;
}

/** What may be said of a new key. */
export interface KeyOptions {
  label?: string | undefined;
  scope?: string[] | undefined;
  network?: string[] | undefined;
  expires?: string | undefined;
  publicKey?: string | undefined;
}

/** Creates an agency. */
export async function createAgency(
  context: Context,
  domain: string,
  options: AdminOptions & { name?: string | undefined },
): Promise<void> {
  const { call } = await admin(context, options);
  const body = { domain, name: options.name ?? domain };
  const agency = await call('/v1/agencies', { method: 'POST', json: body });
  if (options.json) return context.terminal.json(agency);
  context.terminal.print(`Created the agency ${visible(domain)}. Next: sealroot key create ${visible(domain)}`);
}

/** Lists the agencies, which everybody may. */
export async function listAgencies(context: Context, options: Omit<AdminOptions, 'adminTokenFile'>): Promise<void> {
  const agencies = listIn<Agency>(await connect(context, options).json('/v1/agencies'), 'agencies');
  if (options.json) return context.terminal.json(agencies);
  if (agencies.length === 0) context.terminal.note('There is no agency yet.');
  for (const { domain, name, createdAt } of agencies)
    context.terminal.print([domain, createdAt ?? '', name ?? ''].map(visible).join('\t'));
}

/** Creates an API key and prints it: the only time that it can be seen. */
export async function createKey(context: Context, domain: string, options: AdminOptions & KeyOptions): Promise<void> {
  const { call } = await admin(context, options);
  const { label, scope: scopes, network: networks, expires: expiresAt } = options;
  const publicKey = options.publicKey === undefined ? undefined : await readPublicKey(options.publicKey);
  const body = { label, scopes, networks, expiresAt, publicKey };
  const made = await call(`/v1/agencies/${encodeURIComponent(domain)}/keys`, { method: 'POST', json: body });
  const prefix = (made as { prefix?: unknown } | undefined)?.prefix;
  if (publicKey !== undefined && typeof prefix === 'string') {
    if (options.json) return context.terminal.json(made);
    context.terminal.print(visible(prefix));
    context.terminal.note('This is the keyid of requests that are signed with the private key.');
    return;
  }
  const key = (made as { key?: unknown } | undefined)?.key;
  if (typeof key !== 'string')
    throw new CliError('protocol', 'Creating an API key: expected a key in the answer, got none');
  if (options.json) return context.terminal.json(made);
  // The key alone goes to standard output, so that it can be redirected into a key file.
  context.terminal.print(visible(key));
  context.terminal.note(
    'This is the only time the key is shown. Keep it in a file for --key-file, or in SEALROOT_API_KEY.',
  );
}

/** The Ed25519 public key in a PEM file, as the service takes it: base64url. @throws CliError `no-input`, `bad-data` */
async function readPublicKey(path: string): Promise<string> {
  const text = await readInput(path);
  try {
    const { crv, x } = createPublicKey(text).export({ format: 'jwk' });
    if (crv === 'Ed25519' && x !== undefined && !text.includes('PRIVATE KEY')) return x;
  } catch (cause) {
    throw new CliError('bad-data', `Reading ${path}: expected a public key as PEM`, { cause });
  }
  throw new CliError('bad-data', `Reading ${path}: expected an Ed25519 public key as PEM, and not the private one`);
}

/** Lists the API keys of an agency, by their public prefixes. */
export async function listKeys(context: Context, domain: string, options: AdminOptions): Promise<void> {
  const { call } = await admin(context, options);
  const keys = listIn<Key>(await call(`/v1/agencies/${encodeURIComponent(domain)}/keys`), 'keys');
  if (options.json) return context.terminal.json(keys);
  if (keys.length === 0) context.terminal.note(`${visible(domain)} has no key yet.`);
  for (const { prefix, label, scopes = [], createdAt, expiresAt, revokedAt, lastUsedAt } of keys) {
    const state = revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'active';
    const used = lastUsedAt ? `used ${lastUsedAt}` : 'never used';
    context.terminal.print([prefix, state, createdAt ?? '', used, scopes.join(), label ?? ''].map(visible).join('\t'));
  }
}

/** Revokes the API key with this prefix, which may be of any agency unless `--agency` says which. */
export async function revokeKey(
  context: Context,
  prefix: string,
  options: AdminOptions & { agency?: string | undefined },
): Promise<void> {
  // A whole key is one mistake away from a shell history; its secret part must at least not be sent on or printed.
  if (!/^sr_[a-z0-9]{8}$/.test(prefix))
    throw new CliError(
      'usage',
      'Revoking a key: expected its prefix, sr_ and eight letters or digits, got something else',
    );
  const { call } = await admin(context, options);
  const domain = options.agency ?? (await ownerOf(call, prefix));
  await call(`/v1/agencies/${encodeURIComponent(domain)}/keys/${prefix}`, { method: 'DELETE', repeatable: true });
  if (options.json) return context.terminal.json({ prefix, agency: domain, revoked: true });
  context.terminal.print(`Revoked ${prefix} of ${visible(domain)}.`);
}

type Call = (path: string, request?: ServiceRequest) => Promise<unknown>;

async function admin(context: Context, options: AdminOptions): Promise<{ client: ServiceClient; call: Call }> {
  const client = connect(context, options);
  const token = await findAdminToken(context, options);
  warnIfUnencrypted(context, client);
  return { client, call: (path, request = {}) => client.json(path, { ...request, token }) };
}

async function ownerOf(call: Call, prefix: string): Promise<string> {
  for (const { domain } of listIn<Agency>(await call('/v1/agencies'), 'agencies')) {
    const keys = listIn<Key>(await call(`/v1/agencies/${encodeURIComponent(domain)}/keys`), 'keys');
    if (keys.some((key) => key.prefix === prefix)) return domain;
  }
  throw new CliError('not-found', `Revoking ${prefix}: expected a key of some agency, found none with this prefix`);
}

/** The list in an answer, whether bare or in a member. */
function listIn<T>(answer: unknown, member: string): T[] {
  const list: unknown = Array.isArray(answer) ? answer : (answer as Record<string, unknown> | undefined)?.[member];
  if (!Array.isArray(list))
    throw new CliError('protocol', `Reading the answer: expected a list of ${member}, got something else`);
  return list as T[];
}
