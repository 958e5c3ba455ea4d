/** A `fetch` to a node that goes silent for good once it has done the call with this number: the process that made the call dies there. With 0
 * it dies before anything is done. To die just before a call is the same as to die after the one before it, since nothing was stored. */
export function dyingFetch(deadAt: number, fetch: typeof globalThis.fetch) {
  let calls = 0;
  let died: () => void = () => undefined;
  const dead = new Promise<'dead'>((resolve) => (died = () => resolve('dead')));
  const dying = async (...args: Parameters<typeof fetch>) => {
    const mine = ++calls;
    const response = mine <= deadAt ? await fetch(...args) : null;
    if (response !== null && mine < deadAt) return response;
    died();
    return new Promise<never>(() => undefined);
  };
  return { fetch: dying as typeof fetch, dead };
}
