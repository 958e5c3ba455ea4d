import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '#receipt/receipt.js';
import type { CheckedReceipt } from '#sdk/promise.js';
import type { AcceptedRecord } from '#sdk/record.js';
import { formatVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { CliError, reasonOf } from '../cli-error.js';
import { findFolder } from '../input-file.js';
import { writeWholeFile } from '../output-file.js';
import { STATUS_RECEIPT_SUFFIX } from './own-file.js';

/** Format name of a receipt file. */
const FORMAT = 'sealroot/receipt@2';

/** One request's receipt with all that is needed to check it again without the service. */
export interface ReceiptFile {
  format: typeof FORMAT;
  /** Address of the service. */
  service: string;
  /** Public prefix of the API key: whose submission it was. */
  keyPrefix: string;
  receipt: Receipt;
  /** Time by which its records are in the log. */
  includeBy: string;
  /** Verifier key of the log, as the service published it then. */
  logKey: string;
  /** What it covers, in its order. */
  records: (AcceptedRecord & { file: string })[];
}

/**
 * The receipts of a folder, and thereby the memory of a submission: a record that has a verified receipt here is not posted again.
 * Each request's file is written whole, after the receipt was checked and before the next request; a run that is killed between the
 * service's commit and the writing posts those records again and gets the same ones, by their references.
 */
export class ReceiptJournal {
  readonly #accepted = new Map<string, AcceptedRecord>();

  private constructor(
    private readonly folder: string,
    private readonly service: string,
    private readonly keyPrefix: string,
  ) {}

  /**
   * Reads (unless `resume` is false) the receipts of `folder` that were got from `service` with the key of this prefix. `onBroken` hears of files that are no
   * receipts: they are passed over, since posting again is always safe.
   *
   * @throws CliError `no-input` when the folder is there but cannot be read.
   */
  static async open(
    folder: string,
    service: string,
    keyPrefix: string,
    resume: boolean,
    onBroken: (path: string, reason: string) => void,
  ): Promise<ReceiptJournal> {
    const journal = new ReceiptJournal(folder, service, keyPrefix);
    if (!resume) return journal;
    const names = (await findFolder(folder)) ?? [];
    for (const name of names.filter((entry) => entry.endsWith('.json') && !entry.endsWith(STATUS_RECEIPT_SUFFIX))) {
      const path = join(folder, name);
      try {
        const file = parseReceiptFile(await readFile(path, 'utf8'));
        if (file.service === service && file.keyPrefix === keyPrefix)
          file.records.forEach((record) => journal.#keep(record));
      } catch (error) {
        onBroken(path, reasonOf(error));
      }
    }
    return journal;
  }

  /** The accepted record of this reference, or undefined. */
  find(reference: string): AcceptedRecord | undefined {
    return this.#accepted.get(reference);
  }

  /** Writes a checked receipt, and remembers its records. Throws CliError `cannot-create`. */
  async add(checked: CheckedReceipt, logKey: VerifierKey, records: ReceiptFile['records']): Promise<void> {
    await this.write(checked, logKey, records);
    records.forEach((record) => this.#keep(record));
  }

  /** Writes a checked receipt. Throws CliError `cannot-create`. */
  async write(
    { includeBy, receipt }: CheckedReceipt,
    logKey: VerifierKey,
    records: ReceiptFile['records'],
  ): Promise<void> {
    const hash = createHash('sha256').update(JSON.stringify(receipt)).digest('hex').slice(0, 12);
    const time = (records[0]?.receivedAt ?? '').replaceAll(/[-:.]/g, '');
    const path = join(this.folder, `${time}-${hash}.json`);
    const { service, keyPrefix } = this;
    const signer = formatVerifierKey(logKey.name, logKey.publicKey);
    const file: ReceiptFile = { format: FORMAT, service, keyPrefix, receipt, includeBy, logKey: signer, records };
    await writeWholeFile(path, `${JSON.stringify(file, null, 1)}\n`, { replace: true });
  }

  #keep({ id, receivedAt, statement, leafHash }: AcceptedRecord): void {
    if (statement.reference !== undefined)
      this.#accepted.set(statement.reference, { id, receivedAt, statement, leafHash });
  }
}

/** Reads a receipt file. Throws CliError `bad-data`, or SyntaxError for what is no JSON. */
export function parseReceiptFile(text: string): ReceiptFile {
  const file = JSON.parse(text) as Partial<ReceiptFile> | null;
  const whole =
    file?.format === FORMAT &&
    typeof file.service === 'string' &&
    typeof file.keyPrefix === 'string' &&
    Array.isArray(file.records) &&
    file.records.every((record) => typeof record?.id === 'string' && typeof record.statement === 'object');
  if (!whole) throw new CliError('bad-data', `expected a receipt file (${FORMAT}), got something else`);
  return file as ReceiptFile;
}
