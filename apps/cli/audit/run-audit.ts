import { audit } from '#audit/audit.js';
import { AuditError } from '#audit/error.js';
import type { AuditFinding } from '#audit/finding.js';
import type { LogSource } from '#audit/log-source.js';
import { readHead } from '#audit/head.js';
import { CliError } from '../cli-error.js';
import { fetchLogKey } from '#sdk/promise.js';
import type { Context } from '../context.js';
import { nativeSha256 } from '../native-sha256.js';
import { Progress } from '../progress.js';
import { asCliErrors, type ServiceClient } from '../service-client.js';
import type { StateFile } from './state-file.js';

/** How often the state is written while batches are replayed, in milliseconds. */
const SAVE_INTERVAL_MS = 5000;

/** What one round of an audit came to. */
export interface AuditRound {
  findings: AuditFinding[];
  /** Why it ended early, in the words of whatever failed; undefined when it did not. */
  undecided: string | undefined;
}

/** Replays what a service has added to its log. Everything but an answer that does not come is returned; the state is saved whatever happens. */
export async function runAudit(
  context: Context,
  client: ServiceClient,
  file: StateFile,
  {
    onFinding,
    source,
    trustedKeys,
  }: {
    source: LogSource;
    trustedKeys: readonly string[];
    onFinding: (finding: AuditFinding) => void;
  },
): Promise<AuditRound> {
  const findings: AuditFinding[] = [];
  const nowMs = () => context.now().getTime();
  let progress: Progress | undefined;
  let savedAtMs = nowMs();
  try {
    const checkpoint = await source.checkpoint();
    const key = await chooseKey(client, file, trustedKeys, checkpoint);
    file.notes ??= { key, places: {} };
    const steps = audit(
      file.state,
      { ...source, checkpoint: () => Promise.resolve(checkpoint) },
      { key, sha256: nativeSha256 },
    );
    for await (const step of steps) {
      if (step.kind === 'finding') {
        findings.push(step.finding);
        onFinding(step.finding);
        continue;
      }
      progress ??= await Progress.start('batches', step.of - step.batches + 1, context.terminal, nowMs);
      progress.add();
      if (nowMs() - savedAtMs < SAVE_INTERVAL_MS) continue;
      await file.save();
      savedAtMs = nowMs();
    }
    return { findings, undecided: undefined };
  } catch (error) {
    if (!isOutage(error)) throw error;
    return { findings, undecided: error.message };
  } finally {
    progress?.stop();
    // Before a head was accepted there is nothing to keep, not even whose it would be.
    if (file.state.head !== null) await file.save();
  }
}

/** Whether an error says only that something did not come, or not in the form that it must have. */
export function isOutage(error: unknown): error is CliError | AuditError {
  if (error instanceof CliError) return error.code === 'unavailable' || error.code === 'protocol';
  return error instanceof AuditError && error.code === 'unreadable';
}

/**
 * The key that the log's checkpoints must be signed with: the pinned one of its name, else the one that signed before, else the service's.
 *
 * @throws CliError `usage` when another one is pinned than signed before
 */
async function chooseKey(
  client: ServiceClient,
  { notes, path, state }: StateFile,
  trustedKeys: readonly string[],
  checkpoint: string,
): Promise<string> {
  const { origin } = readHead(checkpoint);
  const [pinned] = trustedKeys.length === 0 ? [undefined] : ofName(trustedKeys, origin);
  const known = notes?.key;
  // Another log has another key; that it is another one is for the audit to say.
  if (known !== undefined && state.head?.origin !== origin) return known;
  if (known !== undefined && trustedKeys.length > 0 && !trustedKeys.includes(known))
    throw new CliError('usage', `Reading --log-key: expected ${known}, with which ${path} was begun, got another key`);
  return known ?? pinned ?? asCliErrors(fetchLogKey(client.sdk.transport));
}

/** The keys of this name; all of them when none has it, so that what is not signed by any is said of one of them. */
function ofName(keys: readonly string[], name: string): readonly string[] {
  const own = keys.filter((key) => key.startsWith(`${name}+`));
  return own.length > 0 ? own : keys;
}
