import type { ProofAnswer } from '#sdk/proof.js';
import { CliError } from './cli-error.js';
import { cliErrorOf, type ServiceClient } from './service-client.js';

/** Asks the service for a record's JSON proof. Throws CliError `not-found`, `unavailable`, `protocol`. */
export async function requestProof(client: ServiceClient, id: string, etag?: string): Promise<ProofAnswer> {
  try {
    return await client.sdk.proof(id, { etag });
  } catch (error) {
    const told = cliErrorOf(error);
    if (!(told instanceof CliError) || told.code !== 'not-found') throw told;
    const message = `Getting the proof of record ${id}: the service at ${client.url} does not know it`;
    throw new CliError('not-found', message, { cause: error });
  }
}
