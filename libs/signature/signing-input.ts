import { base64 } from '@scure/base';
import { canonicalize } from '#statement/jcs.js';

/** What an agency signs of a statement, of whatever kind: its canonical JSON without `agencySignature`, `receivedAt` and `nonce`, of which the agency
 * cannot know the last two. */
export function signingInput(statement: object): string {
  const signed = Object.entries(statement).filter(([name, value]) => !UNSIGNED.has(name) && value !== undefined);
  return canonicalize(Object.fromEntries(signed));
}

/** What an agency signs for a group of `size` lines with this `root`, 32 bytes: of the RFC 9162 tree over their signing inputs in UTF-8. */
export function groupText(agency: string, size: number, root: Uint8Array): string {
  return `sealroot/group@1\n${agency}\n${size}\n${base64.encode(root)}\n`;
}

const UNSIGNED: ReadonlySet<string> = new Set(['agencySignature', 'receivedAt', 'nonce']);
