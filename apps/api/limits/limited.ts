import { Problem } from '../problems/problem.js';

/** What answers say of limits, by header. */
export const LIMIT_FIELDS = {
  'ratelimit-policy':
    'Limits that hold (draft-ietf-httpapi-ratelimit-headers), each by name: `q` in `w` seconds, of what `qu` says, else of requests; `sealroot-records` records in them. Absent where nothing is limited',
  ratelimit: 'What is left: `r`, and of records `sealroot-records`, for `t` seconds',
  'retry-after': 'Seconds after which to come again',
};

/** A limit as the fields of `draft-ietf-httpapi-ratelimit-headers-11` tell it. */
export interface Limit {
  /** Of the policy. */
  name: string;
  /** What is allowed. */
  most: number;
  /** What is counted, where it is not requests that come. */
  unit?: 'concurrent-requests' | 'content-bytes';
  windowSeconds?: number;
}

/** The answer to who has used up what he alone may have: 429 with the fields of the policy. */
export function limited(limit: Limit, detail: string, { left = 0, retryAfterSeconds = 1 } = {}): Problem {
  const { most, name, unit, windowSeconds } = limit;
  const headers = {
    'ratelimit-policy': `"${name}";q=${most}${unit === undefined ? '' : `;qu="${unit}"`}${windowSeconds === undefined ? '' : `;w=${windowSeconds}`}`,
    // When somebody's other requests end is not known: only a window has a time.
    ratelimit: `"${name}";r=${left}${windowSeconds === undefined ? '' : `;t=${retryAfterSeconds}`}`,
    'retry-after': String(retryAfterSeconds),
  };
  return new Problem('rate-limited', detail, { headers, violated: [name] });
}

/** The answer when there is no room for anybody's request at the moment: 503 with the policy's name. How much room there is is nobody's business. */
export function overloaded(name: string, detail: string, cause?: unknown): Problem {
  return new Problem('busy', detail, { headers: { 'retry-after': '1' }, violated: [name], cause });
}
