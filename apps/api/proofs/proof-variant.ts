import { Problem } from '../problems/problem.js';

/** A form in which a proof is handed out. */
export type ProofVariant = 'json' | 'ots' | 'tlog-proof/batch' | 'tlog-proof/log';

/** Media types by format. */
export const PROOF_MEDIA_TYPES = {
  json: 'application/vnd.sealroot.proof+json; charset=utf-8',
  ots: 'application/vnd.opentimestamps.v1',
  'tlog-proof': 'text/plain; charset=utf-8',
} as const;

type Format = keyof typeof PROOF_MEDIA_TYPES;

/** Media ranges that stand for each format; the first format wins a tie. */
const RANGES: [Format, string[]][] = [
  ['json', ['application/vnd.sealroot.proof+json', 'application/json', 'application/*', '*/*']],
  ['ots', ['application/vnd.opentimestamps.v1']],
  ['tlog-proof', ['text/plain', 'text/*']],
];

/** Which form a request asks for: `?format=`, else `Accept`, else JSON. `tree` chooses between the two tlog-proofs, `batch` unless given.
 * @throws Problem `bad-request`, `not-acceptable` */
export function proofVariant(query: Record<string, unknown>, accept: string | undefined): ProofVariant {
  for (const name of Object.keys(query)) {
    if (name !== 'format' && name !== 'tree') throw badQuery(name, 'expected only format and tree');
  }
  const { format = accepted(accept), tree } = query;
  if (format !== 'json' && format !== 'ots' && format !== 'tlog-proof') {
    throw badQuery('format', `expected json, ots or tlog-proof, got ${JSON.stringify(format)}`);
  }
  if (tree !== undefined && tree !== 'batch' && tree !== 'log') {
    throw badQuery('tree', `expected batch or log, got ${JSON.stringify(tree)}`);
  }
  if (format === 'tlog-proof') return tree === 'log' ? 'tlog-proof/log' : 'tlog-proof/batch';
  if (tree !== undefined) throw badQuery('tree', 'expected only with the format tlog-proof');
  return format;
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
