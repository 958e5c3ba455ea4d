import { base64 } from '@scure/base';
import { BATCH_ENTRY_FORMAT } from '#statement/batch-entry.js';
import { STATEMENT_VERSION } from '#statement/statement.js';
import { ProofError } from './error.js';
import { PROOF_FORMAT } from './format.js';

/** Base64 of as many first bytes of a batch entry as its first line may have. */
const FIRST_LINE_CHARACTERS = 40;

/**
 * Tells a proof of a later version, or one about a statement or a batch of one, from one that is damaged. Nothing else is looked at.
 *
 * @throws ProofError `newer-version`
 */
export function refuseNewer(value: unknown): void {
  const format = member(value, 'format');
  refuseNewerName('', PROOF_FORMAT, format);
  if (format !== PROOF_FORMAT) return;
  const v = member(member(value, 'statement'), 'v');
  if (typeof v === 'number' && v > STATEMENT_VERSION) {
    throw newer(`a statement of version ${STATEMENT_VERSION}`, `version ${v}`);
  }
  refuseNewerName('a batch entry of ', BATCH_ENTRY_FORMAT, firstLine(member(member(value, 'batch'), 'entry')));
}

/** @throws ProofError `newer-version` when `got` is the name of `known` with a higher version */
function refuseNewerName(what: string, known: string, got: unknown): void {
  const [name, version] = known.split('@');
  const [gotName, gotVersion = ''] = typeof got === 'string' ? got.split('@') : [];
  if (gotName !== name || !/^[1-9][0-9]{0,3}$/.test(gotVersion) || Number(gotVersion) <= Number(version)) return;
  throw newer(`${what}${known}`, String(got));
}

function newer(expected: string, got: string): ProofError {
  return new ProofError('newer-version', `Reading a proof: expected ${expected}, got ${got}`);
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;
}

/** The first line of what is written in base64; undefined for anything else. */
function firstLine(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return String.fromCharCode(...base64.decode(text.slice(0, FIRST_LINE_CHARACTERS))).split('\n')[0];
  } catch {
    return undefined;
  }
}
