import { CliError } from './cli-error.js';
import type { Context } from './context.js';
import { DEFAULT_URL } from './environment.js';
import { findInput, readInput } from './input-file.js';
import { visible } from './terminal.js';
import { ServiceClient, type ServiceClientOptions } from './service-client.js';

/** Where `npm start` leaves the operator's token and the demo agency's key, below the folder it is started in. */
export const ADMIN_TOKEN_FILE = 'data/admin-token';
/** See {@link ADMIN_TOKEN_FILE}. */
export const DEMO_API_KEY_FILE = 'data/demo-api-key';

/** Host names that do not leave this machine. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * A client of the service that `--url`, `SEALROOT_URL` or the default names.
 *
 * @throws CliError `usage` when that is not an http(s) URL.
 */
export function connect(
  context: Context,
  options: { url?: string | undefined },
  more: Partial<ServiceClientOptions> = {},
): ServiceClient {
  const text = options.url ?? context.environment.url ?? DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    throw new CliError('usage', `Finding the service: expected an http or https URL, got ${JSON.stringify(text)}`);
  return new ServiceClient({
    url: url.href,
    fetch: context.fetch,
    sleep: context.sleep,
    now: context.now,
    randomBytes: context.randomBytes,
    onRetry: (reason, waitMs, code) => {
      // What was just submitted is sealed in a second: that is no trouble to tell of.
      if (code === 'not-sealed') return;
      context.terminal.note(`${visible(reason)}; next try in ${(waitMs / 1000).toFixed(1)} s`);
    },
    ...more,
  });
}

/** Says so when a secret would travel unencrypted. */
export function warnIfUnencrypted(context: Context, client: ServiceClient): void {
  const url = new URL(client.url);
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    context.terminal.note(`warning: the key travels unencrypted to ${url.host}; use https`);
}

/**
 * The agency's API key: `--key-file`, `--key`, `SEALROOT_API_KEY`, or the demo agency's file.
 *
 * @throws CliError `no-credential` when there is none, `no-input` or `bad-data` when the named file is no key file.
 */
export async function findApiKey(
  context: Context,
  options: { key?: string | undefined; keyFile?: string | undefined },
): Promise<string> {
  if (options.keyFile !== undefined) return readSecret(options.keyFile);
  if (options.key !== undefined) {
    context.terminal.note('warning: --key is visible to every user in the process list; --key-file is not');
    return options.key;
  }
  if (context.environment.apiKey !== undefined) return context.environment.apiKey;
  return readDefault(
    DEMO_API_KEY_FILE,
    'Finding the API key: expected --key-file, --key, SEALROOT_API_KEY or ./data/demo-api-key, got none of them',
  );
}

/** The operator's token: `--admin-token-file`, `SEALROOT_ADMIN_TOKEN`, or the file that `npm start` made. Throws like {@link findApiKey}. */
export async function findAdminToken(
  context: Context,
  options: { adminTokenFile?: string | undefined },
): Promise<string> {
  if (options.adminTokenFile !== undefined) return readSecret(options.adminTokenFile);
  if (context.environment.adminToken !== undefined) return context.environment.adminToken;
  return readDefault(
    ADMIN_TOKEN_FILE,
    'Finding the admin token: expected --admin-token-file, SEALROOT_ADMIN_TOKEN or ./data/admin-token, got none of them',
  );
}

async function readDefault(path: string, missing: string): Promise<string> {
  const content = await findInput(path);
  if (content === undefined) throw new CliError('no-credential', missing);
  return secretIn(content, path);
}

async function readSecret(path: string): Promise<string> {
  return secretIn(await readInput(path), path);
}

function secretIn(content: Buffer, path: string): string {
  const text = content.toString('utf8').trim();
  // The text itself must not be quoted: it may be a secret with one line too many.
  if (text === '' || /\s/.test(text) || text.length > 512)
    throw new CliError('bad-data', `Reading ${path}: expected one key or token on one line, got something else`);
  return text;
}
