/** Time that a cut connection gets to be noticed by those who wait on it, in milliseconds. */
const CUT_MS = 1000;

/** Closes a BullMQ queue or worker. When its store is away, closing would wait until the store is back, so after `limitMs` the connections are
 * cut instead. Resolves to whether it closed by itself: false means that commands or jobs were abandoned. Never rejects. */
export async function closeWithin(
  subject: { close(): Promise<void>; disconnect(): Promise<void> },
  limitMs: number,
): Promise<boolean> {
  const closed = subject.close().then(
    () => true,
    () => false,
  );
  const first = await Promise.race([closed, pause(limitMs)]);
  if (first !== undefined) return first;
  const cut = subject.disconnect().then(
    () => closed,
    () => false,
  );
  await Promise.race([cut, pause(CUT_MS)]);
  return false;
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
