import { TOOL_FORMATS } from '#proof/anchors/formats.js';
import type { ToolFile, ToolFormat } from '#proof/anchors/tool-format.js';
import { PROOF_MEDIA_TYPE } from '#proof/format.js';
import { Problem } from '../problems/problem.js';
import { parseStatusChoice, STATUS_CHOICES, type StatusChoice } from './status-choice.js';

/** A form in which a proof is handed out; `name` tells it from every other. */
export type ProofVariant =
  | { readonly format: 'json'; readonly name: string }
  | { readonly format: 'tlog-proof'; readonly name: string; readonly tree: 'batch' | 'log' }
  | { readonly format: ToolFormat; readonly name: string; readonly file: ToolFile };

const TREES = ['batch', 'log'] as const;

/** Media types of what is no format for stock tools. */
export const PROOF_MEDIA_TYPES = {
  json: `${PROOF_MEDIA_TYPE}; charset=utf-8`,
  'tlog-proof': 'text/plain; charset=utf-8',
} as const;

/** Media ranges that stand for each format; the first format wins a tie. */
const RANGES: readonly (readonly [name: string, ranges: readonly string[]])[] = [
  ['json', [PROOF_MEDIA_TYPE, 'application/json', 'application/*', '*/*']],
  ['tlog-proof', ['text/plain', 'text/*']],
  ...TOOL_FORMATS.map(({ name, mediaType }) => [name, [mediaType]] as const),
];

/** What `?format=` takes. */
export const PROOF_FORMATS: readonly string[] = RANGES.map(([name]) => name);

/** Which form a request asks for: `?format=`, else `Accept`, else JSON. `tree` chooses between the two tlog-proofs, `batch` unless given; `part`
 * between the files of a format that has several, its first unless given. Parameter `status` is left to {@link proofStatus}.
 * @throws Problem `bad-request`, `not-acceptable` */
export function proofVariant(query: Record<string, unknown>, accept: string | undefined): ProofVariant {
  for (const name of Object.keys(query)) {
    if (name !== 'format' && name !== 'tree' && name !== 'part' && name !== 'status') {
      throw badQuery(name, 'expected only format, status, tree and part');
    }
  }
  const { format: name = accepted(accept), tree, part } = query;
  const format = TOOL_FORMATS.find((one) => one.name === name);
  if (part !== undefined && (format?.files.length ?? 0) < 2) {
    const several = TOOL_FORMATS.filter(({ files }) => files.length > 1).map((one) => one.name);
    throw badQuery('part', `expected only with the format ${several.join(' or ')}`);
  }
  if (tree !== undefined && name !== 'tlog-proof') throw badQuery('tree', 'expected only with the format tlog-proof');
  if (format !== undefined) {
    const file = part === undefined ? format.files[0] : format.files.find((one) => one.part === part);
    if (file !== undefined) return { format, name: `${format.name}/${file.part}`, file };
    throw badQuery(
      'part',
      expected(
        format.files.map((one) => one.part),
        part,
      ),
    );
  }
  if (name === 'json') return { format: name, name };
  if (name !== 'tlog-proof') throw badQuery('format', expected(PROOF_FORMATS, name));
  const wanted = tree === undefined ? 'batch' : TREES.find((one) => one === tree);
  if (wanted === undefined) throw badQuery('tree', expected(TREES, tree));
  return { format: name, name: `${name}/${wanted}`, tree: wanted };
}

/** As of when the status is asked for; undefined when nothing is said. Only the JSON proof holds one.
 * @throws Problem `bad-request` */
export function proofStatus({ status }: Record<string, unknown>, variant: ProofVariant): StatusChoice | undefined {
  if (status === undefined) return undefined;
  const choice = parseStatusChoice(status, Date.now());
  if (choice === null) throw badQuery('status', `expected ${STATUS_CHOICES}, got ${JSON.stringify(status)}`);
  if (variant.format !== 'json' && choice !== 'none')
    throw badQuery('status', 'expected only with the format json: no other holds a status');
  return choice;
}

/** The format that an Accept header likes best (RFC 9110 §12.5.1). */
function accepted(accept: string | undefined): string {
  if (accept === undefined || accept === '*/*') return 'json';
  let best: { name: string; quality: number } | null = null;
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const name = RANGES.find(([, ranges]) => ranges.includes(range))?.[0];
    if (name === undefined) continue;
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    if (quality > 0 && (best === null || quality > best.quality)) best = { name, quality };
  }
  if (best === null) {
    const types = RANGES.map(([, [type]]) => type).join(', ');
    throw new Problem('not-acceptable', `Expected one of ${types}, got ${JSON.stringify(accept)}.`);
  }
  return best.name;
}

function expected(choices: readonly string[], got: unknown): string {
  return `expected ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, got ${JSON.stringify(got)}`;
}

function badQuery(name: string, detail: string): Problem {
  return new Problem('bad-request', `/${name}: ${detail}`, { errors: [{ pointer: `/${name}`, detail }] });
}
