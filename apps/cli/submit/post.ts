import { describeProblem } from '#sdk/problem.js';
import { type AcceptedRecord, coveredLeaves, type RecordRequest, saysWhatWasAsked } from '#sdk/record.js';
import { readOutcome } from '#sdk/submission.js';
import type { VerifierKey } from '#tlog/verifier-key.js';
import { commandLineWords } from '#words/command-line.js';
import type { Language } from '#words/language.js';
import { CliError, EvidenceError } from '../cli-error.js';
import { cliErrorOf, type ServiceClient } from '../service-client.js';
import type { Document } from './document.js';
import { checkedReceipt } from './receipt.js';
import type { ReceiptJournal } from './receipt-journal.js';

/** What became of one document. */
export interface PostResult {
  document: Document;
  outcome: AcceptedRecord | CliError;
  /** The service, or the journal, had the record before. */
  known: boolean;
}

/** `record` is what the service's answer holds, also when that is not what was asked: the receipt covers it. */
interface Outcome {
  outcome: AcceptedRecord | CliError;
  record?: AcceptedRecord | undefined;
  known: boolean;
}

/**
 * Posts up to a thousand documents in one request, without those that have a receipt already and without
 * repetitions, checks each answer and the receipt, and writes the receipt file. Repeating it after any failure is safe: the service
 * returns the same records for the same references. The agency signs them where the client has its signer. Results come in the order of the documents.
 *
 * @throws CliError `unavailable`, `no-permission`, `refused` (the request as a whole), `cannot-create`.
 */
export async function postDocuments(
  client: ServiceClient,
  key: string,
  documents: readonly Document[],
  journal: ReceiptJournal,
  logKey: VerifierKey,
  language: Language,
): Promise<PostResult[]> {
  const outcomes = new Map<string, Outcome>();
  const toPost = new Map<string, Document>();
  for (const document of documents) {
    const { reference } = document.request;
    const known = journal.find(reference);
    // A reference that the user chose may stand for another document by now.
    if (known !== undefined && saysWhatWasAsked(known.statement, document.request))
      outcomes.set(reference, { outcome: known, known: true });
    else toPost.set(reference, document);
  }
  if (toPost.size > 0) {
    const posted = [...toPost.values()];
    const path = '/v1/records';
    const json = await client.sdk.signed(posted.map(({ request }) => request));
    const answer = (await client.json(path, { method: 'POST', token: key, json, repeatable: true })) as {
      records?: unknown;
      receipt?: unknown;
    } | null;
    const items = answer?.records;
    if (!Array.isArray(items) || items.length !== posted.length)
      throw new CliError(
        'protocol',
        `POST ${client.url}${path}: expected ${posted.length} results, got another answer`,
      );
    posted.forEach((document, i) =>
      outcomes.set(document.request.reference, judge(items[i], document, json[i]!, language)),
    );
    await keepReceipt(answer?.receipt, posted, outcomes, journal, logKey);
  }
  return documents.map((document) => {
    const { outcome, known } = outcomes.get(document.request.reference)!;
    return { document, outcome, known };
  });
}

function judge(item: unknown, { request }: Document, sent: RecordRequest, language: Language): Outcome {
  const { otherTerms, rejected } = commandLineWords(language).evidence;
  try {
    const read = readOutcome(item, sent);
    if (read.outcome === 'rejected')
      return { outcome: new EvidenceError('refused', rejected(describeProblem(read.problem))), known: false };
    const { outcome, record } = read;
    if (outcome === 'accepted') return { outcome: record, record, known: record.repeated === true };
    const error = new EvidenceError('refused', otherTerms(request.reference, record.id));
    return { outcome: error, record, known: false };
  } catch (error) {
    const told = cliErrorOf(error);
    if (told instanceof CliError) return { outcome: told, known: false };
    throw told;
  }
}

/** Checks the receipt over every record in the answer and writes it; when it does not hold, nothing of this request counts as accepted. */
async function keepReceipt(
  receipt: unknown,
  posted: readonly Document[],
  outcomes: Map<string, Outcome>,
  journal: ReceiptJournal,
  logKey: VerifierKey,
): Promise<void> {
  const records = posted.flatMap(({ request, file }) => {
    const record = outcomes.get(request.reference)?.record;
    return record === undefined ? [] : [{ ...record, file: file.path }];
  });
  if (records.length === 0) return;
  try {
    await journal.add(checkedReceipt(receipt, coveredLeaves(records), logKey), logKey, records);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'protocol') throw error;
    for (const { request } of posted) {
      const outcome = outcomes.get(request.reference)?.outcome;
      if (!(outcome instanceof CliError)) outcomes.set(request.reference, { outcome: error, known: false });
    }
  }
}
