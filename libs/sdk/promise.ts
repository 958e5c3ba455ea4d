import { hexToBytes } from '@noble/hashes/utils.js';
import { parseReceipt, type Receipt } from '#receipt/receipt.js';
import { type ReceiptFault, verifyReceipt } from '#receipt/verify.js';
import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { SdkError } from './error.js';
import { reading, wrong } from './record.js';
import type { Transport } from './transport.js';

/** A receipt that holds. */
export interface CheckedReceipt {
  receipt: Receipt;
  /** Time by which everything that it covers is in the log. */
  includeBy: string;
}

const FAULTS: Record<ReceiptFault, string> = {
  unreadable: 'expected a receipt, got another signed note or none',
  'other-log': 'expected a receipt of the log whose key it publishes, got one of another log',
  unsigned: 'expected a receipt signed by the log, got one by another key',
  'bad-signature': 'expected a receipt with a good signature, got a bad one',
  'other-items': 'expected a receipt over the leaf hashes of the answer, got one over others',
};

/** Checks the receipt in an answer: signed by the log, over exactly these leaf hashes (32 bytes each, hex), in order. @throws SdkError `does-not-hold` */
export function checkReceipt(receipt: unknown, leafHashes: readonly string[], logKey: VerifierKey): CheckedReceipt {
  const read = reading(() => parseReceipt(receipt));
  const check = verifyReceipt(read, leafHashes.map(hexToBytes), logKey);
  if ('fault' in check) throw wrong(FAULTS[check.fault]);
  return { receipt: read, includeBy: check.includeBy };
}

/** The verifier key of the service's log, C2SP text. With trusted keys it must be one of them. @throws SdkError, `does-not-hold` where it is another */
export async function fetchLogKey(transport: Transport, trustedKeys: readonly string[] = []): Promise<string> {
  const answer = await transport.send('/v1/log/key', { accept: 'text/plain' });
  if (answer.status !== 200) throw transport.refusal('/v1/log/key', answer);
  const text = answer.text.trim();
  try {
    parseVerifierKey(text);
  } catch (cause) {
    const message = `GET ${transport.url}/v1/log/key: expected a verifier key, got something else`;
    throw new SdkError('bad-answer', message, { cause });
  }
  if (trustedKeys.length > 0 && !trustedKeys.includes(text))
    throw wrong('expected the service to sign with a key that is trusted, got another key');
  return text;
}
