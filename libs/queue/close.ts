import { within } from '#config/within.js';

/** Closes a BullMQ queue or worker, waiting at most `limitMs`. While its Redis is away BullMQ waits for it to come back, even for saying goodbye
 * (ioredis ends a connection that it is trying to restore only once that has worked); what is left then is left to the end of the process.
 * Resolves to whether it closed: false means that commands or jobs were abandoned. Never rejects, and closing again never waits. */
export async function closeWithin(
  subject: { close(): Promise<void>; disconnect(): Promise<void> },
  limitMs: number,
): Promise<boolean> {
  const closing = subject.close().then(
    () => true,
    () => false,
  );
  if (await within(closing, limitMs, () => false)) return true;
  // Nest closes queues and workers as well when the application ends, without a limit.
  subject.close = async () => undefined;
  // Stops what of the connections can be stopped; whether it says so does not matter any more.
  subject.disconnect().catch(() => undefined);
  return false;
}
