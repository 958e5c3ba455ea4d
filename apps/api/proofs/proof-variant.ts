import { PROOF_MEDIA_TYPE } from '#proof/format.js';
import { TIME_STAMP_PARTS, type TimeStampPart } from '#proof/time-stamp-files.js';
import { Problem } from '../problems/problem.js';

/** A form in which a proof is handed out. */
export type ProofVariant = 'json' | 'ots' | 'tlog-proof/batch' | 'tlog-proof/log' | `rfc3161/${TimeStampPart}`;

/** Media types by format. */
export const PROOF_MEDIA_TYPES = {
  json: `${PROOF_MEDIA_TYPE}; charset=utf-8`,
  ots: 'application/vnd.opentimestamps.v1',
  'tlog-proof': 'text/plain; charset=utf-8',
  rfc3161: 'application/timestamp-reply',
} as const;

/** Media types of the parts of a time-stamp. */
export const TIME_STAMP_MEDIA_TYPES: Record<TimeStampPart, string> = {
  data: 'application/octet-stream',
  token: 'application/vnd.etsi.timestamp-token',
  response: PROOF_MEDIA_TYPES.rfc3161,
  chain: 'application/pem-certificate-chain',
  root: 'application/pem-certificate-chain',
  revocations: 'application/x-pem-file',
};

type Format = keyof typeof PROOF_MEDIA_TYPES;

/** Media ranges that stand for each format; the first format wins a tie. */
const RANGES: [Format, string[]][] = [
  ['json', [PROOF_MEDIA_TYPE, 'application/json', 'application/*', '*/*']],
  ['ots', ['application/vnd.opentimestamps.v1']],
  ['tlog-proof', ['text/plain', 'text/*']],
  ['rfc3161', ['application/timestamp-reply']],
];

/** Which form a request asks for: `?format=`, else `Accept`, else JSON. `tree` chooses between the two tlog-proofs, `batch` unless given; `part`
 * between the files of a time-stamp, `response` unless given.
 * @throws Problem `bad-request`, `not-acceptable` */
export function proofVariant(query: Record<string, unknown>, accept: string | undefined): ProofVariant {
  for (const name of Object.keys(query)) {
    if (name !== 'format' && name !== 'tree' && name !== 'part') {
      throw badQuery(name, 'expected only format, tree and part');
    }
  }
  const { format = accepted(accept), tree, part } = query;
  if (format !== 'json' && format !== 'ots' && format !== 'tlog-proof' && format !== 'rfc3161') {
    throw badQuery('format', `expected json, ots, tlog-proof or rfc3161, got ${JSON.stringify(format)}`);
  }
  if (tree !== undefined && tree !== 'batch' && tree !== 'log') {
    throw badQuery('tree', `expected batch or log, got ${JSON.stringify(tree)}`);
  }
  if (part !== undefined && format !== 'rfc3161') throw badQuery('part', 'expected only with the format rfc3161');
  if (format === 'tlog-proof') return tree === 'log' ? 'tlog-proof/log' : 'tlog-proof/batch';
  if (tree !== undefined) throw badQuery('tree', 'expected only with the format tlog-proof');
  if (format !== 'rfc3161') return format;
  const wanted = part === undefined ? 'response' : TIME_STAMP_PARTS.find((one) => one === part);
  if (!wanted) throw badQuery('part', `expected ${TIME_STAMP_PARTS.join(', ')}, got ${JSON.stringify(part)}`);
  return `rfc3161/${wanted}`;
}

/** The format that an Accept header likes best (RFC 9110 §12.5.1). */
function accepted(accept: string | undefined): Format {
  if (accept === undefined || accept === '*/*') return 'json';
  let best: { format: Format; quality: number } | null = null;
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const format = RANGES.find(([, ranges]) => ranges.includes(range))?.[0];
    if (format === undefined) continue;
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    if (quality > 0 && (best === null || quality > best.quality)) best = { format, quality };
  }
  if (best === null) {
    throw new Problem(
      'not-acceptable',
      `Expected one of ${Object.values(PROOF_MEDIA_TYPES).join(', ')}, got ${JSON.stringify(accept)}.`,
    );
  }
  return best.format;
}

function badQuery(name: string, detail: string): Problem {
  return new Problem('bad-request', `/${name}: ${detail}`, { errors: [{ pointer: `/${name}`, detail }] });
}
