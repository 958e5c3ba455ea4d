import { parseEvmAttestation, type EvmAttestation } from '#evm/attestation.js';
import type { JsonObject } from '#statement/jcs.js';
import { parseRfc3161Attestation, type Rfc3161Attestation } from '#tsp/attestation.js';
import { base64Text, object, type Reader, refused, wrapped } from './json-reader.js';

/** Longest OpenTimestamps timestamp in a proof, in bytes: four calendars' answers of 10,000 bytes fit. */
export const PROOF_MAX_TIMESTAMP_BYTES = 65_536;

/** What calendars and Bitcoin say of a checkpoint. */
export interface OpenTimestampsAttestation {
  type: 'opentimestamps';
  /** Base64 of a serialized OpenTimestamps timestamp whose first message is the checkpoint's root. */
  timestamp: string;
}

/** What an EVM chain says of a checkpoint: a transaction that carries its root, and what leads from there to a block's hash. */
export interface EvmProofAttestation extends EvmAttestation {
  type: 'evm';
}

/** What a time-stamp authority says of a checkpoint: a token over its signed text, and what it takes to verify it. */
export interface Rfc3161ProofAttestation extends Rfc3161Attestation {
  type: 'rfc3161';
}

/** An anchor's statement about a checkpoint. */
export type ProofAttestation = OpenTimestampsAttestation | EvmProofAttestation | Rfc3161ProofAttestation;

/** Reads an attestation by its type. */
export const parseAttestation: Reader<ProofAttestation> = (value, pointer) => {
  const type = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['type'] : undefined;
  switch (type) {
    case 'opentimestamps':
      return openTimestamps(value, pointer);
    case 'evm': {
      const { type: _, ...members } = value as JsonObject;
      return { type: 'evm', ...wrapped(pointer, () => parseEvmAttestation(members)) };
    }
    case 'rfc3161': {
      const { type: _, ...members } = value as JsonObject;
      return { type: 'rfc3161', ...wrapped(pointer, () => parseRfc3161Attestation(members)) };
    }
    default:
      object(value, pointer, ['type'], Object.keys(value ?? {}));
      throw refused(`${pointer}/type`, '"opentimestamps", "evm" or "rfc3161"', type);
  }
};

const openTimestamps: Reader<OpenTimestampsAttestation> = (value, pointer) => {
  const member = object(value, pointer, ['type', 'timestamp']);
  const timestamp = base64Text(member['timestamp']!, `${pointer}/timestamp`);
  const bytes = (timestamp.length / 4) * 3;
  if (bytes > PROOF_MAX_TIMESTAMP_BYTES + 2) {
    throw refused(`${pointer}/timestamp`, `at most ${PROOF_MAX_TIMESTAMP_BYTES} bytes`, bytes);
  }
  return { type: 'opentimestamps', timestamp };
};
