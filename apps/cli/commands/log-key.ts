import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { connect } from '../service.js';
import type { ServiceClient } from '../service-client.js';

/** Prints the verifier key of the service's log: what others pin with `verify --log-key`. */
export async function printLogKey(context: Context, options: { url?: string | undefined }): Promise<void> {
  const client = connect(context, options);
  context.terminal.print(await fetchLogKey(client));
  context.terminal.note(
    'Publish this key, or get it, by a way other than the service itself; then pin it with --log-key.',
  );
}

/** The service's verifier key (C2SP text). Throws CliError `protocol` when the answer is none. */
export async function fetchLogKey(client: ServiceClient): Promise<string> {
  const answer = await client.send('/v1/log/key', { headers: { accept: 'text/plain' } });
  if (answer.status !== 200) throw client.refusal('/v1/log/key', answer);
  const { parseVerifierKey } = await import('#tlog/verifier-key.js');
  const key = answer.body.trim();
  try {
    parseVerifierKey(key);
  } catch (error) {
    throw new CliError('protocol', `GET ${client.url}/v1/log/key: expected a verifier key, got something else`, {
      cause: error,
    });
  }
  return key;
}
