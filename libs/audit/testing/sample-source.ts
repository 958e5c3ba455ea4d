import { HASH_BYTES, leafHash } from '#merkle/hash.js';
import { buildTiles } from '#merkle/tree-levels.js';
import { SampleLog } from '#proof/testing/sample-log.js';
import { encodeEntryBundle } from '#tlog/entry-bundle.js';
import { audit, type AuditState, emptyAudit } from '../audit.js';
import type { AuditFinding } from '../finding.js';
import { type LogSource, PAGE_ENTRIES } from '../log-source.js';

/** What a service serves of a sample log of `size` batches. Each answer passes through `alter` with what was asked for. */
export function sampleSource(
  log: SampleLog,
  alter: (what: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes,
  size = log.batchEntries.length,
): LogSource & { asked: string[] } {
  const entries = log.batchEntries.slice(0, size);
  const { tiles } = buildTiles(new Uint8Array(Buffer.concat(entries.map((entry) => leafHash(entry)))));
  const all = entries.flatMap((_, number) => log.publicEntries(number));
  const asked: string[] = [];
  const answer = (what: string, bytes: Uint8Array) => {
    asked.push(what);
    return Promise.resolve(alter(what, bytes));
  };
  return {
    asked,
    checkpoint: () => Promise.resolve(log.checkpoint(0, size).note),
    tile: (level, index, width) => {
      const { hashes } = tiles.find((tile) => tile.level === level && tile.index === index)!;
      return answer(`tile/${level}/${index}`, hashes.slice(0, width * HASH_BYTES));
    },
    bundle: (index, width) =>
      answer(`bundle/${index}`, encodeEntryBundle(entries.slice(index * 256, index * 256 + width))),
    page: (index) =>
      answer(`page/${index}`, encodeEntryBundle(all.slice(index * PAGE_ENTRIES, (index + 1) * PAGE_ENTRIES))),
  };
}

/** Everything that an audit of a source finds, and the state that it leaves. */
export async function auditAll(
  log: SampleLog,
  source: LogSource = sampleSource(log),
  state: AuditState = emptyAudit(),
): Promise<{ findings: AuditFinding[]; state: AuditState }> {
  const findings: AuditFinding[] = [];
  for await (const step of audit(state, source, { key: log.key }))
    if (step.kind === 'finding') findings.push(step.finding);
  return { findings, state };
}
