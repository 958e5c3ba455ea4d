import { join } from 'node:path';
import { ARRAY_MAX_RECORDS } from '#sdk/client.js';
import type { AcceptedRecord } from '#sdk/record.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { DIGEST_BYTES } from '#statement/digest.js';
import { parseRecordRequest } from '#statement/record-request.js';
import { commandLineWords } from '#words/command-line.js';
import { findSigner } from '../agency-signer.js';
import { CliError, reasonOf } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { readInput } from '../input-file.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { forEachAtOnce } from '../pool.js';
import { Progress } from '../progress.js';
import { connect, findApiKey, warnIfUnencrypted } from '../service.js';
import { type Document, prepareDocument, type Terms } from '../submit/document.js';
import { exitCodeOf, type Failure } from '../submit/failure.js';
import { submitInBulk } from '../submit/bulk.js';
import { besidePath, findFiles, type FoundFile } from '../submit/file-walk.js';
import { RECEIPT_FOLDER } from '../submit/own-file.js';
import { postDocuments } from '../submit/post.js';
import { fetchReceiptKey } from '../submit/receipt.js';
import { ReceiptJournal } from '../submit/receipt-journal.js';
import { checkPrefix } from '../submit/reference.js';
import { SubmissionState } from '../submit/submission-state.js';
import { type Awaited, awaitProofs } from '../submit/wait.js';
import { visible } from '../terminal.js';

/** Options of `sealroot submit`. */
export interface SubmitOptions extends LanguageOption {
  url?: string | undefined;
  key?: string | undefined;
  keyFile?: string | undefined;
  agencyKey?: string | undefined;
  profile: string;
  algorithm: DigestAlgorithm[];
  reference?: string | undefined;
  referencePrefix?: string | undefined;
  claims?: string | undefined;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  supersedes?: string | undefined;
  blind?: true | undefined;
  wait?: true | undefined;
  waitAnchored?: true | undefined;
  waitTimeout?: number | undefined;
  out?: string | undefined;
  jobs: number;
  retries: number;
  resume: boolean;
  logKey: string[];
  json?: true | undefined;
}

/** Waiting time in seconds when none is given: for sealing, and for a public chain, which may take half a day. */
const WAIT_SECONDS = 300;
const WAIT_ANCHORED_SECONDS = 172_800;

/** Time for one request of a thousand records. */
const POST_TIMEOUT_MS = 60_000;

/** Notarises files: hashes them here, posts the digests, keeps the receipts, and with `--wait` the proofs. Returns the exit code. */
export async function submit(context: Context, paths: readonly string[], options: SubmitOptions): Promise<number> {
  const { terminal } = context;
  const nowMs = () => context.now().getTime();
  const language = languageFor(context, options);
  const words = commandLineWords(language).evidence;
  const terms = await readTerms(options);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const key = await findApiKey(context, options);
  const signer = await findSigner(context, options);
  const client = connect(context, options, {
    apiKey: key,
    signer,
    logKeys: trustedKeys,
    retries: options.retries,
    timeoutMs: POST_TIMEOUT_MS,
  });
  warnIfUnencrypted(context, client);

  const { files, passedOver, failed } = await findFiles(paths, options.out);
  for (const path of passedOver) terminal.note(visible(words.passedOver(path)));
  const failures: Failure[] = [];
  const fail = (file: FoundFile, error: CliError) => {
    failures.push({ file: file.path, code: error.code, message: error.message });
    if (options.json) terminal.json({ file: file.path, outcome: 'failed', code: error.code, error: error.message });
    else terminal.note(visible(words.failed(file.path, error.message)));
  };
  for (const { file, error } of failed) fail(file, error);
  if (files.length === 0)
    throw new CliError('no-input', 'Finding the documents: expected at least one file, found none');
  if (terms.reference !== undefined && files.length > 1)
    throw new CliError('usage', `--reference names one record: expected one file, got ${files.length}`);
  if (terms.supersedes !== undefined && files.length > 1)
    throw new CliError('usage', `--supersedes gives one record's place to one: expected one file, got ${files.length}`);

  const folder = join(options.out ?? '.', RECEIPT_FOLDER);
  const keyPrefix = key.slice(0, 'sr_'.length + 8);
  // What many files have come to is in a state of its own, which is smaller than the receipts.
  const isBulk = files.length > ARRAY_MAX_RECORDS;
  const journal = await ReceiptJournal.open(folder, client.url, keyPrefix, options.resume && !isBulk, (path, reason) =>
    terminal.note(`warning: ${visible(path)} is passed over: ${visible(reason)}`),
  );
  const logKey = await fetchReceiptKey(client, trustedKeys);

  const waits = options.wait === true || options.waitAnchored === true;
  const awaited: Awaited[] = [];
  let accepted = 0;
  let known = 0;
  const accept = (document: Document, record: Pick<AcceptedRecord, 'id' | 'receivedAt'>, wasKnown: boolean) => {
    accepted += 1;
    if (wasKnown) known += 1;
    if (waits) awaited.push({ document, record });
    const { id, receivedAt } = record;
    const file = document.file.path;
    if (options.json)
      terminal.json({ file, outcome: 'accepted', id, receivedAt: receivedAt || undefined, repeated: wasKnown });
    else if (files.length <= 20) terminal.print(`${id}  ${visible(file)}`);
  };

  const hashChunk = async (chunk: readonly FoundFile[]): Promise<Document[]> => {
    const documents: (Document | undefined)[] = chunk.map(() => undefined);
    await forEachAtOnce(chunk, options.jobs, async (file, index) => {
      try {
        documents[index] = await prepareDocument(context, file, terms);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        fail(file, error);
      }
    });
    return documents.filter((document) => document !== undefined);
  };

  const progress = await Progress.start('submitted', files.length, terminal, nowMs);
  const post = async (documents: readonly Document[]): Promise<void> => {
    const results = await postDocuments(client, key, documents, journal, logKey, language);
    for (const { document, outcome, known: wasKnown } of results) {
      if (outcome instanceof CliError) {
        fail(document.file, outcome);
        continue;
      }
      accept(document, outcome, wasKnown);
    }
    progress.add(documents.length);
  };

  const beganMs = nowMs();
  let amount: string[] = [];
  try {
    if (isBulk) {
      const whose = { service: client.url, keyPrefix };
      const state = await SubmissionState.open(folder, whose, terms, !options.resume);
      const isSigned = signer !== undefined;
      const submission = { context, client, journal, state, terms, jobs: options.jobs, language, isSigned };
      const report = { onAccepted: accept, onFailure: fail, onDone: (done: number) => progress.add(done) };
      const bytes = await submitInBulk(submission, files, report);
      amount = [words.submitted.amount((bytes / 1e6).toFixed(1), ((nowMs() - beganMs) / 1000).toFixed(0))];
    }
    // While one array is with the service, the files of the next are hashed.
    let hashed: Document[] = [];
    for (let from = 0; !isBulk && (from < files.length || hashed.length > 0); from += ARRAY_MAX_RECORDS) {
      const [next] = await Promise.all([hashChunk(files.slice(from, from + ARRAY_MAX_RECORDS)), post(hashed)]);
      hashed = next;
    }
  } catch (error) {
    if (error instanceof CliError && error.code === 'unavailable')
      terminal.note(visible(words.submitted.stopped(accepted, files.length, folder)));
    throw error;
  } finally {
    progress.stop();
  }

  let proofs = 0;
  if (waits) {
    const waiting = await Progress.start('proofs written', awaited.length, terminal, nowMs);
    const seconds = options.waitTimeout ?? (options.waitAnchored ? WAIT_ANCHORED_SECONDS : WAIT_SECONDS);
    await awaitProofs(context, client, awaited, {
      anchored: options.waitAnchored === true,
      timeoutMs: seconds * 1000,
      jobs: options.jobs,
      outputFolder: options.out,
      trustedKeys,
      language,
      onProof: (item) => {
        proofs += 1;
        waiting.add();
        const { file } = item.document;
        const usual = besidePath(file, PROOF_SUFFIX, options.out);
        if (item.proofPath !== usual) terminal.note(visible(words.submitted.proofElsewhere(usual, item.proofPath!)));
        if (options.json)
          terminal.json({ file: file.path, outcome: 'proof', id: item.record.id, proof: item.proofPath });
      },
      onFailure: ({ document }, error) => fail(document.file, error),
    }).finally(() => waiting.stop());
  }

  const told = [
    words.submitted.accepted(accepted, files.length, client.url, known),
    ...amount,
    ...(accepted > 0 ? [words.submitted.receipts(folder)] : []),
    ...(waits ? [words.submitted.proofs(proofs)] : []),
    ...(failures.length > 0 ? [words.submitted.failed(failures.length)] : []),
  ];
  terminal.note(visible(told.join(language.joints.groups)));
  if (failures.length === 0 && accepted === 0) return EXIT.mismatch;
  return exitCodeOf(failures);
}

/** The terms of a submission, checked before anything is hashed or posted. Throws CliError `usage`. */
async function readTerms(options: SubmitOptions): Promise<Terms> {
  if (options.reference !== undefined && options.referencePrefix !== undefined)
    throw new CliError('usage', 'Expected --reference or --reference-prefix, got both');
  const referencePrefix = options.referencePrefix === undefined ? undefined : checkPrefix(options.referencePrefix);
  const claims = options.claims === undefined ? undefined : await readClaims(options.claims);
  const blind = options.blind === true;
  // A record with a digest of zeros stands for all that will be posted: what is wrong with the terms shows at once.
  const sample = parseRecordRequest({
    digests: Object.fromEntries(options.algorithm.map((name) => [name, '00'.repeat(DIGEST_BYTES[name])])),
    profile: options.profile,
    ...(blind ? { blinded: true } : {}),
    ...(claims === undefined ? {} : { claims }),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
    ...(options.validFrom === undefined ? {} : { validFrom: options.validFrom }),
    ...(options.validUntil === undefined ? {} : { validUntil: options.validUntil }),
    ...(options.supersedes === undefined ? {} : { supersedes: options.supersedes }),
  });
  if ('error' in sample) {
    const said = sample.error.errors.map(({ pointer, detail }) => `${optionOf(pointer)}: ${detail}`);
    throw new CliError('usage', `Checking what to submit: ${said.join('; ')}`);
  }
  const { claimsJcs, profile, reference, supersedes, validFrom, validUntil } = sample.ok;
  return {
    algorithms: options.algorithm,
    profile,
    claims: claimsJcs === undefined ? undefined : JSON.parse(claimsJcs),
    validFrom,
    validUntil,
    supersedes,
    blind,
    reference,
    referencePrefix,
    outputFolder: options.out,
  };
}

function optionOf(pointer: string): string {
  const name = pointer.split('/')[1] ?? '';
  const options: Record<string, string> = {
    blinded: '--blind',
    validFrom: '--valid-from',
    validUntil: '--valid-until',
  };
  return options[name] ?? (name === '' ? 'the record' : `--${pointer.slice(1)}`);
}

async function readClaims(given: string): Promise<unknown> {
  const text = given.startsWith('@') ? (await readInput(given.slice(1))).toString('utf8') : given;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('usage', `Reading --claims: expected JSON, got a text that is none (${reasonOf(error)})`, {
      cause: error,
    });
  }
}
