import type { Fetch } from '../http-answer.js';

/** What a canned fetch was asked. */
export interface SeenRequest {
  readonly url: string;
  readonly init: RequestInit;
}

/** A `fetch` that opens no connection but answers as the given function says, and records what it was asked. */
export function cannedFetch(answer: (request: SeenRequest) => Response | Promise<Response>): {
  fetch: Fetch;
  seen: SeenRequest[];
} {
  const seen: SeenRequest[] = [];
  return {
    seen,
    fetch: async (url, init) => {
      seen.push({ url, init });
      return answer({ url, init });
    },
  };
}
