import { PROOF_MEDIA_TYPE } from '#proof/format.js';
import { CliError } from './cli-error.js';
import { problemOf, retryAfterMs, type ServiceClient } from './service-client.js';

/** What asking for a proof gave. */
export type ProofAnswer =
  | { state: 'ready'; text: string; etag: string | undefined }
  /** The record is accepted, its batch not sealed yet. */
  | { state: 'not-ready'; retryAfterMs: number }
  /** The same proof as under the ETag that was sent. */
  | { state: 'unchanged' };

/** Asks the service for a record's JSON proof. Throws CliError `not-found`, `unavailable`, `protocol`. */
export async function requestProof(client: ServiceClient, id: string, etag?: string): Promise<ProofAnswer> {
  const path = `/v1/records/${id}/proof`;
  const headers = { accept: PROOF_MEDIA_TYPE, ...(etag === undefined ? {} : { 'if-none-match': etag }) };
  const answer = await client.send(path, { headers });
  if (answer.status === 200)
    return { state: 'ready', text: answer.body, etag: answer.headers.get('etag') ?? undefined };
  if (answer.status === 304) return { state: 'unchanged' };
  if (answer.status === 404 && problemOf(answer)?.code === 'proof-not-ready')
    return { state: 'not-ready', retryAfterMs: retryAfterMs(answer.headers) };
  const refusal = client.refusal(path, answer);
  throw refusal.code === 'not-found'
    ? new CliError('not-found', `Getting the proof of record ${id}: the service at ${client.url} does not know it`, {
        cause: refusal,
      })
    : refusal;
}
