import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SentEvent } from '#audit/watch.js';
import { isRecordId } from '#statement/record-id.js';
import { CHANGED_STATUSES } from '#statement/status-change.js';
import { formatStatusStatement, parseStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { CliError, reasonOf } from '../cli-error.js';
import { findFolder, readInput } from '../input-file.js';
import { parseStatusReceipt } from '../status/status-receipt.js';
import { STATUS_RECEIPT_SUFFIX } from '../submit/own-file.js';
import { parseReceiptFile } from '../submit/receipt-journal.js';

/** What an agency knows of itself: which records are its own, and what it sent about them. */
export interface Journal {
  /** Ids. */
  records: Set<string>;
  /** Those of them for which there is a receipt. */
  promised: Set<string>;
  ordinals: Set<number>;
  sent: SentEvent[];
}

/** Where a journal is read from. */
export interface JournalFiles {
  /** Folders of receipts, as `submit` and `status` write them. */
  receipts: readonly string[];
  /** Files of record ids or ordinals, one a line. */
  records: readonly string[];
  /** Files of hashes of events, of their leaves or statements, one a line. */
  sent: readonly string[];
}

/**
 * Reads receipts and lists. Anew for each round: other commands go on writing.
 *
 * @throws CliError `no-input` for what cannot be read, `bad-data` for what is no receipt or no such list: what is not known here would raise an alarm
 */
export async function readJournal({ receipts, records, sent }: JournalFiles): Promise<Journal> {
  const journal: Journal = { records: new Set(), promised: new Set(), ordinals: new Set(), sent: [] };
  for (const folder of receipts) await readReceipts(folder, journal);
  for (const path of records)
    for (const line of await readLines(path)) {
      if (isRecordId(line)) journal.records.add(line);
      else if (/^(0|[1-9]\d{0,15})$/.test(line)) journal.ordinals.add(Number(line));
      else
        throw new CliError(
          'bad-data',
          `Reading ${path}: expected record ids and ordinals, got ${JSON.stringify(line)}`,
        );
    }
  for (const path of sent)
    for (const line of await readLines(path)) {
      if (!/^[0-9a-f]{64}$/.test(line))
        throw new CliError('bad-data', `Reading ${path}: expected hashes of events, got ${JSON.stringify(line)}`);
      journal.sent.push({ hash: line, state: null, record: null, includeBy: null });
    }
  return journal;
}

async function readReceipts(folder: string, journal: Journal): Promise<void> {
  const names = await findFolder(folder);
  if (names === undefined) throw new CliError('no-input', `Reading the folder ${folder}: there is no such folder`);
  for (const name of names.filter((entry) => entry.endsWith('.json'))) {
    const path = join(folder, name);
    const text = (await readInput(path)).toString('utf8');
    try {
      if (name.endsWith(STATUS_RECEIPT_SUFFIX)) {
        const { includeBy, statement } = parseStatusReceipt(text);
        journal.sent.push(sentEvent(statement, includeBy));
        continue;
      }
      const { includeBy, records } = parseReceiptFile(text);
      for (const { id, superseded } of records) {
        journal.records.add(id);
        journal.promised.add(id);
        if (superseded !== undefined)
          journal.sent.push(sentEvent(parseStatusStatement(superseded.statement), includeBy));
      }
    } catch (error) {
      throw new CliError('bad-data', `Reading ${path}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

function sentEvent(statement: StatusStatement, includeBy: string): SentEvent {
  const { record = null, to } = statement;
  // Of the statement and not of the leaf: the agency can compute it, so that nobody else can say which event it sent.
  const hash = createHash('sha256').update(formatStatusStatement(statement)).digest('hex');
  return { hash, state: CHANGED_STATUSES[to], record, includeBy };
}

async function readLines(path: string): Promise<string[]> {
  const lines = (await readInput(path))
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
