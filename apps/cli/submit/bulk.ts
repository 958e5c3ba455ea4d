import { lstat, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { ImportPart } from '#sdk/import.js';
import { describeProblem } from '#sdk/problem.js';
import type { AcceptedRecord, RecordRequest } from '#sdk/record.js';
import { GROUP_MAX_LINES } from '#statement/agency-signature.js';
import { commandLineWords } from '#words/command-line.js';
import type { Language } from '#words/language.js';
import { CliError, EvidenceError } from '../cli-error.js';
import type { Context } from '../context.js';
import { cliErrorOf, problemBehind, type ServiceClient } from '../service-client.js';
import { type Document, prepareDocument, type Terms } from './document.js';
import type { FoundFile } from './file-walk.js';
import { HashPool } from './hash-pool.js';
import type { ReceiptJournal } from './receipt-journal.js';
import type { SubmissionState } from './submission-state.js';

/** Files that are looked at ahead of the one whose turn it is, for each thread. */
const AHEAD = 16;

/** Records of a part: its receipts are written, and what was hashed for it, when it is taken whole. */
const PART_RECORDS = 2000;
/** Of one that the agency signs: a part is a group. */
const SIGNED_PART_RECORDS = GROUP_MAX_LINES;

/** What a bulk submission tells of. */
export interface BulkReport {
  /** A record is accepted and its receipt written; `known` when the service had it before, or this folder a receipt. */
  onAccepted: (document: Document, record: Pick<AcceptedRecord, 'id' | 'receivedAt'>, known: boolean) => void;
  onFailure: (file: FoundFile, error: CliError) => void;
  /** So many files are done with. */
  onDone: (files: number) => void;
}

/** A bulk submission, and where it keeps what. */
export interface BulkSubmission {
  context: Context;
  client: ServiceClient;
  journal: ReceiptJournal;
  state: SubmissionState;
  terms: Terms;
  /** Files at a time. */
  jobs: number;
  language: Language;
  /** Whether the client signs for the agency. */
  isSigned: boolean;
}

/**
 * Submits any number of files by one bulk import: hashes them in threads, each file in its turn, and writes the receipts as parts are taken. What has a receipt already is
 * passed over, what was hashed already and has not changed is not read again, and what was sent without an answer is found again by its reference.
 *
 * @returns bytes of all files that were found readable
 * @throws CliError `unavailable`, `no-permission`, `protocol`, `cannot-create`
 */
export async function submitInBulk(
  submission: BulkSubmission,
  files: readonly FoundFile[],
  report: BulkReport,
): Promise<number> {
  const { client, isSigned, jobs, state } = submission;
  const partSize = isSigned ? SIGNED_PART_RECORDS : PART_RECORDS;
  const pool = new HashPool(Math.min(jobs, availableParallelism()));
  let bytes = 0;
  /** Sent, and not answered yet. */
  const sent: Document[] = [];
  async function* records(): AsyncGenerator<RecordRequest> {
    for await (const looked of inOrder(files, jobs * AHEAD, (file) => look(submission, pool, file))) {
      if ('error' in looked) {
        report.onFailure(looked.file, looked.error);
        report.onDone(1);
        continue;
      }
      bytes += looked.size;
      if (looked.id === undefined) {
        sent.push(looked.document);
        yield looked.document.request;
      } else {
        report.onAccepted(looked.document, { id: looked.id, receivedAt: '' }, true);
        report.onDone(1);
      }
    }
  }
  try {
    const going = await goingOn(client, state.importId);
    const onOpen = async (id: string) => {
      if (id !== state.importId) state.opened(id);
      await state.write();
    };
    for await (const part of client.sdk.import(records(), { ...going, onOpen, partSize })) {
      await keep(submission, part, sent.splice(0, part.items.length), report);
      report.onDone(part.items.length);
    }
    return bytes;
  } catch (error) {
    throw cliErrorOf(error);
  } finally {
    await pool.close();
    await state.close();
  }
}

/** Where to go on with an import that was opened before; a new one where the service has it no more. */
async function goingOn({ sdk }: ServiceClient, id: string | undefined) {
  if (id === undefined) return {};
  try {
    const { committed, linesHash } = await sdk.importState(id);
    return { id, offset: committed, linesHash };
  } catch (error) {
    if (problemBehind(error)?.code === 'import-not-found') return {};
    throw error;
  }
}

type Looked =
  { file: FoundFile; error: CliError } | { file: FoundFile; document: Document; size: number; id: string | undefined };

/** Hashes a file, unless it is as it was when it was hashed before, and makes its record. */
async function look({ context, state, terms }: BulkSubmission, pool: HashPool, file: FoundFile): Promise<Looked> {
  try {
    const now = await stat(file.path).catch(() => lstat(file.path).catch(() => undefined));
    const known = now === undefined ? undefined : state.find(file.path, now.size, now.mtimeMs);
    let size = now?.size ?? 0;
    let digests = known?.digests;
    if (digests === undefined) {
      const hashed = await pool.hash(file.path, terms.algorithms);
      state.hashed(file.path, hashed);
      ({ digests, size } = hashed);
    }
    return { file, document: await prepareDocument(context, file, terms, digests), size, id: known?.id };
  } catch (error) {
    if (error instanceof CliError) return { file, error };
    throw error;
  }
}

/** Writes the receipts of a part, and then that its files have one. */
async function keep(
  { client, journal, language, state }: BulkSubmission,
  { first, groups, items }: ImportPart,
  documents: readonly Document[],
  { onAccepted, onFailure }: BulkReport,
): Promise<void> {
  const { otherTerms, rejected } = commandLineWords(language).evidence;
  const logKey = await client.sdk.logKey();
  for (const { count, first: from, promise } of groups) {
    if (promise === undefined) continue;
    const records = items.slice(from - first, from - first + count).flatMap((item, i) => {
      const { path } = documents[from - first + i]!.file;
      return 'record' in item ? [{ ...item.record, file: path }] : [];
    });
    await journal.write(promise, logKey, records);
  }
  items.forEach((item, i) => {
    const document = documents[i]!;
    if (item.outcome === 'accepted') {
      state.accepted(document.file.path, item.record.id);
      onAccepted(document, item.record, item.record.repeated === true);
    } else {
      const why =
        item.outcome === 'rejected'
          ? rejected(describeProblem(item.problem))
          : otherTerms(document.request.reference, item.record.id);
      onFailure(document.file, new EvidenceError('refused', why));
    }
  });
  await state.write();
}

/** What `work` makes of each item, in the order of the items, with so many under way at a time. */
async function* inOrder<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for (let next = 0; next < items.length || underWay.length > 0;) {
    while (next < items.length && underWay.length < atOnce) {
      const result = work(items[next++]!);
      // Listened to in its turn.
      result.catch(() => undefined);
      underWay.push(result);
    }
    yield await underWay.shift()!;
  }
}
