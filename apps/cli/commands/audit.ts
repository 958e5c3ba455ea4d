import { AuditReport, type ReportOptions } from '../audit/report.js';
import { runAudit } from '../audit/run-audit.js';
import { serviceSource } from '../audit/service-source.js';
import { StateFile } from '../audit/state-file.js';
import type { Context } from '../context.js';
import { languageFor, type LanguageOption } from '../language.js';
import { readPinnedKeys } from '../pinned-key.js';
import { connect } from '../service.js';

/** Options of `sealroot audit`. */
export interface AuditOptions extends LanguageOption, ReportOptions {
  state: string;
  logKey: string[];
}

/** Replays the public log of a service, from where the state file ends. Returns the exit code. */
export async function auditLog(context: Context, url: string | undefined, options: AuditOptions): Promise<number> {
  const report = new AuditReport(context, languageFor(context, options), options);
  const trustedKeys = await readPinnedKeys('--log-key', options.logKey);
  const client = connect(context, { url });
  const file = await StateFile.open(options.state, false);
  // What was found before stays true, and is told by every run.
  file.state.lasting.forEach((finding) => report.add(finding));
  const before = new Set(file.state.lasting.map((finding) => JSON.stringify(finding)));
  const round = await runAudit(context, client, file, {
    source: serviceSource(client),
    trustedKeys,
    onFinding: (finding) => {
      if (!before.has(JSON.stringify(finding))) report.add(finding);
    },
  });
  return report.end(file, round, trustedKeys.length > 0);
}
