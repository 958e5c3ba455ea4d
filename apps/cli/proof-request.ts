import type { FoundRecords, PrivateProof } from '#sdk/private-lookup.js';
import type { ProofAnswer } from '#sdk/proof.js';
import { CliError } from './cli-error.js';
import { asCliErrors, cliErrorOf, type ServiceClient } from './service-client.js';

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

/** Asks for the proof of a record that has this digest, without telling the service which of many it is. Throws CliError `not-found`, `unavailable`, `protocol`. */
export async function requestProofPrivately(
  client: ServiceClient,
  id: string,
  digestHex: string,
): Promise<Exclude<PrivateProof, { state: 'no-such-record' }>> {
  const answer = await asCliErrors(client.sdk.proofPrivately(id, digestHex));
  if (answer.state !== 'no-such-record') return answer;
  throw new CliError('not-found', `Getting the proof of record ${id}: the service at ${client.url} does not know it`);
}

/** The records of a digest, oldest first, which the service is not told. Throws CliError `unavailable`, `protocol`. */
export function findRecords(client: ServiceClient, algorithm: string, digestHex: string): Promise<FoundRecords> {
  return asCliErrors(client.sdk.findPrivately(algorithm, digestHex));
}
