import type { Fetch } from '../http-answer.js';

/** What a canned fetch was asked. */
export interface SeenRequest {
  readonly url: string;
  readonly init: RequestInit;
}

/** A `fetch` that answers from a table of path to answer; a function may answer by request. Records what it was asked. */
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
