import { fetchLogKey } from '#sdk/promise.js';
import type { Context } from '../context.js';
import { connect } from '../service.js';
import { asCliErrors } from '../service-client.js';

/** Prints the verifier key of the service's log: what others pin with `verify --log-key`. */
export async function printLogKey(context: Context, options: { url?: string | undefined }): Promise<void> {
  const client = connect(context, options);
  context.terminal.print(await asCliErrors(fetchLogKey(client.sdk.transport)));
  context.terminal.note(
    'Publish this key, or get it, by a way other than the service itself; then pin it with --log-key.',
  );
}
