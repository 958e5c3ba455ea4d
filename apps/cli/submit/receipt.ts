import { checkReceipt, type CheckedReceipt, fetchLogKey } from '#sdk/promise.js';
import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { CliError } from '../cli-error.js';
import { asCliErrors, cliErrorOf, type ServiceClient } from '../service-client.js';

/**
 * The verifier key of the service's log, by which receipts are signed: with trusted keys, it must be one of them.
 *
 * @throws CliError `protocol`, `unavailable`.
 */
export async function fetchReceiptKey(client: ServiceClient, trustedKeys: readonly string[]): Promise<VerifierKey> {
  const text = await asCliErrors(fetchLogKey(client.sdk.transport));
  if (trustedKeys.length > 0 && !trustedKeys.includes(text)) {
    const what = 'expected the service to sign with the key given by --log-key, got another key';
    throw new CliError('protocol', `Checking the service's answer: ${what}`);
  }
  return parseVerifierKey(text);
}

/** Checks the receipt in an answer: signed by the log, over exactly these leaf hashes (hex), in order. @throws CliError `protocol` */
export function checkedReceipt(receipt: unknown, leafHashes: readonly string[], logKey: VerifierKey): CheckedReceipt {
  try {
    return checkReceipt(receipt, leafHashes, logKey);
  } catch (error) {
    throw cliErrorOf(error);
  }
}
