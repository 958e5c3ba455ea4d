import type { AuditFinding, OwnFinding } from '#audit/finding.js';
import type { LogSource } from '#audit/log-source.js';
import { watch, type WatchedRecord } from '#audit/watch.js';
import { AuditReport, type ReportOptions } from '../audit/report.js';
import { isOutage, runAudit } from '../audit/run-audit.js';
import { serviceSource } from '../audit/service-source.js';
import { StateFile } from '../audit/state-file.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { languageFor, type LanguageOption } from '../language.js';
import { nativeSha256 } from '../native-sha256.js';
import { readPinnedKeys } from '../pinned-key.js';
import { forEachAtOnce } from '../pool.js';
import { connect } from '../service.js';
import type { ServiceClient } from '../service-client.js';
import { findPlace } from '../watch/find-place.js';
import { type Journal, type JournalFiles, readJournal } from '../watch/journal.js';

/** Options of `sealroot watch`. */
export interface WatchOptions extends LanguageOption, ReportOptions, JournalFiles {
  state: string;
  logKey: string[];
  once?: true | undefined;
  /** Seconds. */
  interval: number;
}

/** How long after an event was seen in the log its receipt may come, in milliseconds. */
const RECEIPT_WITHIN_MS = 2000;

/** Records that are looked for in the log at the same time. */
const FINDING_AT_ONCE = 8;

/** Audits a log, and alerts on events about the caller's own records that the caller did not send: once, or until it is ended. Returns the exit code. */
export async function watchRecords(context: Context, url: string | undefined, options: WatchOptions): Promise<number> {
  if (options.receipts.length + options.records.length === 0)
    throw new CliError('usage', 'Choosing the records: expected --receipts or --records, got neither');
  const report = new AuditReport(context, languageFor(context, options), options);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const client = connect(context, { url });
  const file = await StateFile.open(options.state, true);
  for (;;) {
    const undecided = await watchOnce(context, client, file, { options, trustedKeys, report });
    const exitCode = report.end(file, { undecided }, trustedKeys.length > 0);
    if (options.once) return exitCode;
    await context.sleep(options.interval * 1000);
  }
}

/** One round. Returns why it ended early, if it did. */
async function watchOnce(
  context: Context,
  client: ServiceClient,
  file: StateFile,
  { options, report, trustedKeys }: { options: WatchOptions; report: AuditReport; trustedKeys: readonly string[] },
): Promise<string | undefined> {
  const before = new Set(file.state.lasting.map((finding) => JSON.stringify(finding)));
  const source = serviceSource(client);
  file.state.lasting.forEach((finding) => report.add(finding));
  const { undecided } = await runAudit(context, client, file, {
    source,
    trustedKeys,
    onFinding: (finding) => {
      if (!before.has(JSON.stringify(finding))) report.add(finding);
    },
  });
  let journal = await readJournal(options);
  if (file.state.head === null || file.notes === null) return undecided;
  let unfound: string | undefined;
  try {
    for (const finding of await findPlaces(journal, file, client, source)) report.add(finding);
  } catch (error) {
    if (!isOutage(error)) throw error;
    unfound = error.message;
  } finally {
    await file.save();
  }
  if (ownFindings(context, file, journal).some(({ check }) => check === 'unsent-event')) {
    // Whoever sent it may be about to write its receipt.
    await context.sleep(RECEIPT_WITHIN_MS);
    journal = await readJournal(options);
  }
  // Whether an event is missing is not known where the log could not be read to its end.
  for (const finding of ownFindings(context, file, journal))
    if (finding.check !== 'missing-event' || undecided === undefined) report.add(finding);
  return undecided ?? unfound;
}

/** What the replayed log says of the records of the journal, as far as they were found in it. */
function ownFindings({ now }: Context, { notes, state }: StateFile, journal: Journal): OwnFinding[] {
  const { records } = state.replay;
  const places = Object.entries(notes!.places).map(([record, ordinal]): WatchedRecord => ({ record, ordinal }));
  const ordinals = [...journal.ordinals].map((ordinal): WatchedRecord => ({ record: String(ordinal), ordinal }));
  const watched = [...places.filter(({ record }) => journal.records.has(record)), ...ordinals];
  const inLog = watched.filter(({ ordinal }) => ordinal < records);
  return [...watch(state.replay, inLog, journal.sent, now(), nativeSha256)];
}

/** Looks for the records whose places are not known yet, and keeps those that are found. */
async function findPlaces(
  journal: Journal,
  { notes, state }: StateFile,
  client: ServiceClient,
  source: LogSource,
): Promise<AuditFinding[]> {
  const { head } = state;
  const { places } = notes!;
  const findings: AuditFinding[] = [];
  const wanted = [...journal.records].filter((id) => places[id] === undefined);
  await forEachAtOnce(wanted, FINDING_AT_ONCE, async (id) => {
    const place = await findPlace(id, head!, client, source);
    if (place.state === 'found') places[id] = place.ordinal;
    else if (place.state === 'elsewhere') findings.push({ check: 'record-place', record: id });
    // Without a receipt a record may be a slip of the pen.
    else if (place.state === 'unknown' && journal.promised.has(id))
      findings.push({ check: 'missing-record', record: id });
    else if (place.state === 'unknown')
      throw new CliError('no-input', `Looking for record ${id}: the service at ${client.url} does not know it`);
  });
  return findings;
}
