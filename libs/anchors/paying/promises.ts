/** A claim stays promised for this time: what was signed with it is stored and sent within seconds, and the node knows by itself from then on. */
const PROMISE_MS = 600_000;

/** Claims of versions that this process has signed and that may not have been sent yet. */
export interface Promises {
  /** The claims that are promised to another root. */
  toOthers(root: string): string[];
  make(root: string, claims: readonly string[]): void;
}

/** None at first: a process that dies takes its promises along. */
export function createPromises(now: () => Date): Promises {
  const promised = new Map<string, { readonly root: string; readonly until: number }>();
  return {
    toOthers(root) {
      const time = now().getTime();
      // A promise longer than any that is made is one from before the clock was set back.
      for (const [claim, { until }] of promised) if (until <= time || until > time + PROMISE_MS) promised.delete(claim);
      return [...promised].flatMap(([claim, to]) => (to.root === root ? [] : [claim]));
    },
    make(root, claims) {
      for (const claim of claims) promised.set(claim, { root, until: now().getTime() + PROMISE_MS });
    },
  };
}
