import { expects, matches, members } from './member-check.js';

/** An agency's own signature over its part of a statement, or over a group of such parts. */
export interface AgencySignature {
  /** Key id under which the agency's key is registered. */
  key: string;
  alg: 'EdDSA';
  /** 64 bytes, base64url without padding. */
  value: string;
  /** Where the statement stands in the group that was signed; absent when it was signed alone. */
  group?: SignatureGroup | undefined;
}

/** The place of a statement in a group that was signed as one. */
export interface SignatureGroup {
  /** Lines in the group, 1 to {@link GROUP_MAX_LINES}. */
  size: number;
  /** Number of this one, from 0. */
  index: number;
  /** Inclusion path under the group's root: hashes of 32 bytes, the leaf's sibling first, concatenated, in base64url without padding. */
  path: string;
}

/** Most lines of a group: a path of 12 hashes. */
export const GROUP_MAX_LINES = 4096;

const SIGNATURE_BYTES = 64;
const HASH_BYTES = 32;
const PATH_MAX_BYTES = Math.log2(GROUP_MAX_LINES) * HASH_BYTES;

const wholeNumber = (least: number, most: number) => (value: unknown) =>
  Number.isSafeInteger(value) && !Object.is(value, -0) && (value as number) >= least && (value as number) <= most;

const checkGroup = members(
  {
    size: expects(`a number from 1 to ${GROUP_MAX_LINES}`, wholeNumber(1, GROUP_MAX_LINES)),
    index: expects(`a number from 0 to ${GROUP_MAX_LINES - 1}`, wholeNumber(0, GROUP_MAX_LINES - 1)),
    path: expects('0 to 12 hashes of 32 bytes in base64url without padding', isPathText),
  },
  {},
);

const checkMembers = members(
  {
    key: expects('a key id of 1 to 128 printable ASCII characters', matches(/^[!-~]{1,128}$/)),
    alg: expects('"EdDSA"', (value) => value === 'EdDSA'),
    value: expects('64 bytes in base64url without padding', (value) => decodedLength(value) === SIGNATURE_BYTES),
  },
  { group: checkGroup },
);

/** The check of a member `agencySignature`, which every statement may have. */
export const checkAgencySignature: typeof checkMembers = (value, pointer, problems) => {
  const before = problems.length;
  checkMembers(value, pointer, problems);
  const { group } = (value ?? {}) as AgencySignature;
  if (problems.length > before || group === undefined || group.index < group.size) return;
  problems.push({ pointer: `${pointer}/group/index`, detail: `expected less than ${group.size}, got ${group.index}` });
};

function isPathText(value: unknown): boolean {
  const bytes = decodedLength(value);
  return bytes !== null && bytes % HASH_BYTES === 0 && bytes <= PATH_MAX_BYTES;
}

/** What the last group of four characters may be when it is short: bits that are left over are zero, so that the bytes have one form. */
const ENDS = [/^/, /^\b$/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/];

/** Bytes of a text in the one form of base64url without padding; null for anything else. */
function decodedLength(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > 2 * PATH_MAX_BYTES || !/^[\w-]*$/.test(value)) return null;
  return ENDS[value.length % 4]!.test(value) ? Math.floor((value.length * 3) / 4) : null;
}
