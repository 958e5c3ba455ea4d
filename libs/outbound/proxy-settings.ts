/** The proxy that requests to others go through; as text, as the environment has them. */
export interface ProxySettings {
  /** For https URLs. */
  readonly httpsProxy?: string | undefined;
  /** For http URLs. */
  readonly httpProxy?: string | undefined;
  /** Where requests go directly; see `parseNoProxy`. */
  readonly noProxy?: string | undefined;
}

/** A proxy's address that cannot be used. It is not repeated: it may hold a password. */
export class ProxySettingError extends Error {
  readonly code = 'bad-proxy';
}

/** What is wanted of an address, for messages. */
export const EXPECTED_PROXY =
  'expected a proxy such as http://proxy.example.gov:3128, user:password@ before the name if it asks';

/** Reads a proxy's address; without a scheme it is an http one, as for curl.
 * @throws ProxySettingError */
export function parseProxyUrl(text: string): URL {
  const whole = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new ProxySettingError(EXPECTED_PROXY);
  try {
    decodeURIComponent(url.username + url.password);
  } catch (cause) {
    throw new ProxySettingError(`${EXPECTED_PROXY}, percent-encoded`, { cause });
  }
  return url;
}

/** The names that other programs know these settings by. Small letters count as well, where the capital ones are not set. */
export const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/** A proxy variable of the environment, in capital or small letters; undefined when it is absent or empty. */
export function proxyVariable(
  env: Readonly<Record<string, string | undefined>>,
  name: (typeof PROXY_VARIABLES)[number],
): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}
