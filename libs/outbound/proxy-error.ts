/** The proxy refused, or could not be reached. Those who report a failed request show its `code` alone: `PROXY_ANSWERED_407`, `PROXY_ECONNREFUSED`. */
export class ProxyError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ProxyError';
  }
}

/** The error of a proxy that answered with another status than a tunnel or an answer from behind it has. */
export function proxyAnswered(status: number | undefined): ProxyError {
  const hint = status === 407 ? ': it asks for a user and a password, or for others' : '';
  return new ProxyError(`PROXY_ANSWERED_${status}`, `The proxy answered ${status}${hint}`);
}

/** The error of a proxy that could not be reached. */
export function proxyUnreachable(cause: Error): ProxyError {
  const { code = 'FAILED' } = cause as NodeJS.ErrnoException;
  return new ProxyError(`PROXY_${code}`, `The proxy cannot be reached: ${code}`, { cause });
}

/** The `Proxy-Authorization` that the credentials in a proxy's URL ask for; none without. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
