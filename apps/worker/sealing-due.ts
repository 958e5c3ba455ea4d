import type { Config } from '#config/config.js';
import type { WaitingChunks } from '#database/waiting-chunk.repository.js';

/** Whether what waits is to be sealed now: the oldest of it has waited long enough, or there is enough for a batch. */
export function sealingIsDue(
  { oldestAgeMs, records }: WaitingChunks,
  { sealIntervalMs, batchMaxRecords }: Pick<Config, 'sealIntervalMs' | 'batchMaxRecords'>,
): boolean {
  return oldestAgeMs !== null && (oldestAgeMs >= sealIntervalMs || records >= batchMaxRecords);
}
