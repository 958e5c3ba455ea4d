import { type ProxySettings, proxyVariable } from '#outbound/proxy-settings.js';

/** What the environment tells the command line; empty variables count as absent. */
export interface Environment {
  /** `SEALROOT_URL`: the service, instead of {@link DEFAULT_URL}. */
  url: string | undefined;
  /** `SEALROOT_API_KEY`: an agency's key, for `submit`. */
  apiKey: string | undefined;
  /** `SEALROOT_ADMIN_TOKEN`: the operator's token, for `agency` and `key`. */
  adminToken: string | undefined;
  /** `SEALROOT_BITCOIN_RPC`: a Bitcoin node's RPC URL, which may hold a password, for `verify`. */
  bitcoinRpc: string | undefined;
  /** `SEALROOT_EVM_RPC`: JSON-RPC URLs of EVM nodes, which may hold keys, separated by spaces; for `verify`. */
  evmRpc: string[];
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`: the way to everything that is not on this machine. */
  proxy: ProxySettings;
  /** `LC_ALL`, else `LC_MESSAGES`, else `LANG`, without its encoding: the language of verdicts, for people; undefined for `C` and `POSIX`. */
  locale: string | undefined;
  /** `SEALROOT_DEBUG`: print stack traces. */
  debug: boolean;
  /** `NO_COLOR` or `TERM=dumb`: print no colours. */
  noColor: boolean;
}

/** The service's address when neither `--url` nor `SEALROOT_URL` names one. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Reads the environment; the only place in the command line that does. */
export function readEnvironment(env: Record<string, string | undefined> = process.env): Environment {
  const given = (name: string) => (env[name] === undefined || env[name] === '' ? undefined : env[name]);
  return {
    url: given('SEALROOT_URL'),
    apiKey: given('SEALROOT_API_KEY'),
    adminToken: given('SEALROOT_ADMIN_TOKEN'),
    bitcoinRpc: given('SEALROOT_BITCOIN_RPC'),
    evmRpc: given('SEALROOT_EVM_RPC')?.trim().split(/\s+/) ?? [],
    proxy: {
      httpsProxy: proxyVariable(env, 'HTTPS_PROXY'),
      httpProxy: proxyVariable(env, 'HTTP_PROXY'),
      noProxy: proxyVariable(env, 'NO_PROXY'),
    },
    locale: localeOf(given('LC_ALL') ?? given('LC_MESSAGES') ?? given('LANG')),
    debug: given('SEALROOT_DEBUG') !== undefined,
    noColor: given('NO_COLOR') !== undefined || env['TERM'] === 'dumb',
  };
}

/** `zh_TW` of `zh_TW.UTF-8@radical`. */
function localeOf(value: string | undefined): string | undefined {
  const name = value?.split(/[.@]/)[0];
  return name === undefined || name === 'C' || name === 'POSIX' ? undefined : name;
}
