import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { ProofError } from './error.js';

/** Verifier keys that a caller trusts. @throws ProofError `bad-key` when one cannot be read */
export function parseTrustedKeys(keys: readonly string[]): VerifierKey[] {
  return keys.map((text) => {
    try {
      return parseVerifierKey(text);
    } catch (cause) {
      throw new ProofError('bad-key', `Reading a trusted key: expected a verifier key, got ${text}`, { cause });
    }
  });
}
