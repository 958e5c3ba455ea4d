import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import type { Receipt } from '#receipt/receipt.js';
import { CliError } from '../cli-error.js';
import { writeWholeFile } from '../output-file.js';
import { STATUS_RECEIPT_SUFFIX } from '../submit/own-file.js';

/** Format name of a status receipt file. */
const FORMAT = 'sealroot/status-receipt@2';

/** The receipt for a change of status, with all that is needed to check it again without the service. */
export interface StatusReceipt {
  /** Address of the service. */
  service: string;
  statement: StatusStatement;
  /** 32 bytes, hex. */
  leafHash: string;
  /** By then the event is in the log. */
  includeBy: string;
  receipt: Receipt;
  /** Verifier key of the log, as the service published it then. */
  logKey: string;
}

/** Writes a checked receipt into a folder of receipts; returns its path. Throws CliError `cannot-create`. */
export async function writeStatusReceipt(folder: string, receipt: StatusReceipt): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(receipt.receipt)).digest('hex').slice(0, 12);
  const time = receipt.statement.receivedAt.replaceAll(/[-:.]/g, '');
  const path = join(folder, `${time}-${hash}${STATUS_RECEIPT_SUFFIX}`);
  await writeWholeFile(path, `${JSON.stringify({ format: FORMAT, ...receipt }, null, 1)}\n`, { replace: true });
  return path;
}

/** Reads what {@link writeStatusReceipt} wrote. Throws CliError `bad-data`, or what reading JSON and statements throws. */
export function parseStatusReceipt(text: string): StatusReceipt {
  const file = JSON.parse(text) as (Partial<StatusReceipt> & { format?: unknown }) | null;
  if (file?.format !== FORMAT || typeof file.leafHash !== 'string' || typeof file.includeBy !== 'string')
    throw new CliError('bad-data', `expected a status receipt (${FORMAT}), got something else`);
  return { ...(file as StatusReceipt), statement: parseStatusStatement(file.statement) };
}
