import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { type AttestationAt, listAttestations } from '#ots/visit.js';
import type { Answer } from '#source/answer.js';
import type { Ask } from '#source/ask.js';
import type { AnchorFinding, Subject } from '../finding.js';
import type { BitcoinAnchor } from './finding.js';
import type { AnchorAccess, AttestedCheckpoint } from '../attestation-kind.js';
import { shownFacts, undecidedFacts } from '../shown-facts.js';
import type { OpenTimestampsAttestation } from './attestation.js';

/** Longest OpenTimestamps attestation, in bytes. */
export const PROOF_MAX_TIMESTAMP_BYTES = 65_536;

/** Checks what an OpenTimestamps timestamp holds about a checkpoint: one finding for each of its attestations, every one tried. */
export function checkTimestamp(
  { timestamp }: OpenTimestampsAttestation,
  { size, root }: AttestedCheckpoint,
  access: Pick<AnchorAccess, 'ask' | 'mayAsk'>,
): Promise<AnchorFinding>[] {
  const subject: Subject = { kind: 'checkpoint', size };
  const found = readTimestamp(base64.decode(timestamp), root);
  if (typeof found !== 'string') return checkAttestations(found, subject, access);
  const fault = { kind: 'bitcoin', outcome: 'failed', reason: 'bad-timestamp', detail: found } as const;
  return [Promise.resolve({ check: 'anchor', subject, ...fault })];
}

/** Checks attestations that stand in a timestamp from `subject` on: one finding for each; those that may not be asked for are left out. */
export function checkAttestations(
  attestations: readonly AttestationAt[],
  subject: Subject,
  { ask, mayAsk }: Pick<AnchorAccess, 'ask' | 'mayAsk'>,
): Promise<AnchorFinding>[] {
  return attestations.flatMap((at) =>
    at.attestation.type !== 'bitcoin' || mayAsk() ? [checkAttestation(at, subject, ask)] : [],
  );
}

/** The attestations of a timestamp, or why it cannot be used. */
function readTimestamp(bytes: Uint8Array, root: Uint8Array): AttestationAt[] | string {
  if (bytes.length > PROOF_MAX_TIMESTAMP_BYTES) {
    return `Reading a timestamp: expected at most ${PROOF_MAX_TIMESTAMP_BYTES} bytes, got ${bytes.length}`;
  }
  try {
    return listAttestations(parseTimestamp(bytes, root, { canonical: true }));
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    return error.message;
  }
}

async function checkAttestation(
  { attestation, message }: AttestationAt,
  subject: Subject,
  ask: Ask,
): Promise<AnchorFinding> {
  const common = { check: 'anchor', subject } as const;
  switch (attestation.type) {
    case 'pending':
      return { ...common, kind: 'bitcoin', outcome: 'pending', reason: 'promised', calendar: attestation.uri };
    case 'bitcoin': {
      const { height } = attestation;
      if (message.length !== 32) {
        return { ...common, kind: 'bitcoin', outcome: 'failed', reason: 'bad-root', height, bytes: message.length };
      }
      const answer = await ask({ chain: 'bitcoin', height, expected: { merkleRoot: message } });
      return { ...common, kind: 'bitcoin', ...weigh(answer, height, displayHash(message)) };
    }
    default: {
      const name = attestation.type === 'unknown' ? bytesToHex(attestation.tag) : attestation.type;
      return { ...common, kind: 'unknown', outcome: 'unavailable', reason: 'unsupported', name };
    }
  }
}

/** What an answer about the attested block makes of the attestation. */
function weigh(answer: Answer, height: number, merkleRoot: string): DistributiveOmit<BitcoinAnchor, 'kind'> {
  switch (answer.outcome) {
    case 'shown': {
      const { chain } = answer.block;
      const network = chain.kind === 'bitcoin' ? chain.network : null;
      return { outcome: 'passed', network, merkleRoot, ...shownFacts(answer) };
    }
    case 'another':
      return { outcome: 'failed', reason: 'other-block', height, merkleRoot, got: answer.block, silent: answer.silent };
    default:
      return { outcome: 'unavailable', height, merkleRoot, ...undecidedFacts(answer) };
  }
}

type DistributiveOmit<Union, Name extends PropertyKey> = Union extends unknown ? Omit<Union, Name> : never;
