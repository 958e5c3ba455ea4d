/** What the client takes from where it runs. Each part can be given by the caller; the rest is the platform's own. */
export interface Platform {
  fetch: typeof globalThis.fetch;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  startTimer: (milliseconds: number, onElapsed: () => void) => () => void;
  now: () => Date;
  /** Cryptographically random bytes. */
  randomBytes: (length: number) => Uint8Array;
  /** Sent as `User-Agent`; undefined where the platform sends one of its own, as browsers do. */
  userAgent: string | undefined;
}

/** Version of this library; `package.json` of the published package has the same. */
export const SDK_VERSION = '0.1.0';

/** The platform's own, with what the caller gives instead. The one place that reaches for globals. */
export function platformWith(given: Partial<Platform> = {}): Platform {
  return {
    // Not the function itself: browsers insist on its receiver.
    fetch: (input, init) => globalThis.fetch(input, init),
    sleep: sleepUntil,
    startTimer: (milliseconds, onElapsed) => {
      const timer = setTimeout(onElapsed, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => new Date(),
    randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    userAgent: isBrowser() ? undefined : `sealroot-sdk/${SDK_VERSION}`,
    ...given,
  };
}

function sleepUntil(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    if (signal?.aborted === true) wake();
    else signal?.addEventListener('abort', wake);
  });
}

/** Browsers say who they are themselves, and ask the service first whether others may. */
function isBrowser(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent?.startsWith('Mozilla/') === true;
}
