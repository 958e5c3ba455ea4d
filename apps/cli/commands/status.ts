import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { StatusChange } from '#sdk/status.js';
import { isRecordId } from '#statement/record-id.js';
import type { ChangedStatus } from '#statement/status-change.js';
import { formatTime, normalizeTime } from '#statement/time.js';
import { formatVerifierKey } from '#tlog/verifier-key.js';
import { commandLineWords } from '#words/command-line.js';
import { findSigner } from '../agency-signer.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { connect, findApiKey, warnIfUnencrypted } from '../service.js';
import { cliErrorOf, problemBehind, type ServiceClient } from '../service-client.js';
import { type StatusReceipt, writeStatusReceipt } from '../status/status-receipt.js';
import { exitCodeOf, type Failure } from '../submit/failure.js';
import { RECEIPT_FOLDER } from '../submit/own-file.js';
import { fetchReceiptKey } from '../submit/receipt.js';
import { visible } from '../terminal.js';

/** Options of `sealroot status`. */
export interface StatusOptions extends LanguageOption {
  url?: string | undefined;
  key?: string | undefined;
  keyFile?: string | undefined;
  agencyKey?: string | undefined;
  to: ChangedStatus;
  reason?: string | undefined;
  by?: string | undefined;
  effectiveAt?: string | undefined;
  out?: string | undefined;
  logKey: string[];
  json?: true | undefined;
}

/** How long a record that is not sealed yet is waited for, in milliseconds; that takes about a second. */
const SEALED_WITHIN_MS = 30_000;

/** Changes the status of records, one after the other, and keeps the receipts. Returns the exit code. */
export async function changeStatus(
  context: Context,
  records: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const { terminal } = context;
  const language = languageFor(context, options);
  const { changed, failed } = commandLineWords(language).evidence;
  const asked = readChange(records, options);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const apiKey = await findApiKey(context, options);
  const signer = await findSigner(context, options);
  // What is signed says since when: the same at every repetition.
  const since = signer === undefined ? {} : { effectiveAt: formatTime(context.now().getTime()) };
  const change = { ...since, ...asked };
  const client = connect(context, options, { apiKey, logKeys: trustedKeys, signer });
  warnIfUnencrypted(context, client);
  await fetchReceiptKey(client, trustedKeys);
  const folder = join(options.out ?? '.', RECEIPT_FOLDER);
  const failures: Failure[] = [];
  for (const record of records) {
    try {
      const receipt = await changeOne(context, client, record, change);
      const path = await writeStatusReceipt(folder, receipt);
      const { includeBy, leafHash, statement } = receipt;
      if (options.json) terminal.json({ record, status: options.to, includeBy, leafHash, statement, receipt: path });
      else terminal.print(visible(changed(record, language.status.names[options.to], includeBy, path)));
    } catch (error) {
      if (!(error instanceof CliError) || error.code === 'no-permission' || error.code === 'unavailable') throw error;
      failures.push({ file: record, code: error.code, message: error.message });
      if (options.json) terminal.json({ record, status: 'failed', code: error.code, error: error.message });
      else terminal.note(visible(failed(record, error.message)));
    }
  }
  return failures.length === 0 ? EXIT.ok : exitCodeOf(failures);
}

/** The body that is posted for each record. Throws CliError `usage`. */
function readChange(records: readonly string[], options: StatusOptions): StatusChange {
  const ids = options.by === undefined ? records : [...records, options.by];
  for (const id of ids)
    if (!isRecordId(id))
      throw new CliError('usage', `Reading the records: expected record ids, got ${JSON.stringify(id)}`);
  if ((options.to === 'superseded') !== (options.by !== undefined))
    throw new CliError('usage', 'Reading --by: expected the successor with --to superseded, and with nothing else');
  const { by, effectiveAt, reason, to } = options;
  const time = effectiveAt === undefined ? undefined : normalizeTime(effectiveAt);
  if (time === null)
    throw new CliError(
      'usage',
      `Reading --effective-at: expected an RFC 3339 time, got ${JSON.stringify(effectiveAt)}`,
    );
  return {
    to,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
    ...(time === undefined ? {} : { effectiveAt: time }),
  };
}

/** Makes one change, until it is taken or refused; what is answered was checked. Throws CliError. */
async function changeOne(
  { now }: Context,
  { sdk, url }: ServiceClient,
  record: string,
  change: StatusChange,
): Promise<StatusReceipt> {
  const endMs = now().getTime() + SEALED_WITHIN_MS;
  // The request's name makes a repetition after a lost answer the same request.
  const idempotencyKey = randomUUID();
  for (;;) {
    try {
      const { includeBy, leafHash, receipt, statement } = await sdk.changeStatus(record, change, { idempotencyKey });
      const { name, publicKey } = await sdk.logKey();
      return { service: url, statement, leafHash, receipt, includeBy, logKey: formatVerifierKey(name, publicKey) };
    } catch (error) {
      if (problemBehind(error)?.code !== 'not-sealed' || now().getTime() >= endMs) throw cliErrorOf(error);
    }
  }
}
