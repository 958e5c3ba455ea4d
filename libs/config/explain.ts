/** What a person is told of an error that ends the start: an error with a code has a message that says what to do, and its stack would only
 * hide it; anything else, Node's own complaints about a call included, is a fault and keeps its stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || code.startsWith('ERR_')) return error.stack ?? error.message;
  // A name with several addresses: each attempt is an error of its own, and the whole has no message.
  const message = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error.message;
  if (code === 'EADDRINUSE') return `${message}: set PORT to a free one`;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return `${message}: nothing answers there; see DATABASE_URL and REDIS_URL`;
  return message === '' ? code : message;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
