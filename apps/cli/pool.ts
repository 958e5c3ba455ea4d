/** Runs `work` on every item, at most `jobs` at a time, in order of starting. Rejects with the first failure, after which nothing new is started. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let stopped = false;
  const lane = async (): Promise<void> => {
    while (!stopped && next < items.length) {
      const index = next++;
      try {
        await work(items[index]!, index);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(jobs, items.length) }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}
