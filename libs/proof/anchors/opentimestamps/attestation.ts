import { base64 } from '@scure/base';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { mergeTimestamps } from '#ots/merge.js';
import { base64Text, object, refused } from '../../json-reader.js';
import { BASE64_MEMBER } from '../attestation-form.js';
import type { AttestationKind } from '../attestation-kind.js';
import { proofTimestamp } from './proof-timestamp.js';
import { checkTimestamp, PROOF_MAX_TIMESTAMP_BYTES } from './check.js';

/** What OpenTimestamps calendars and Bitcoin say of a checkpoint: a serialized timestamp from its root on. */
export interface OpenTimestampsAttestation {
  type: 'opentimestamps';
  /** Base64 of the timestamp; its first message is the checkpoint's root. */
  timestamp: string;
}

/** Attestations by OpenTimestamps calendars and Bitcoin blocks. */
export const OPENTIMESTAMPS_ATTESTATION: AttestationKind<OpenTimestampsAttestation> = {
  type: 'opentimestamps',
  parse(members, pointer) {
    const { timestamp: value } = object(members, pointer, ['timestamp']);
    const timestamp = base64Text(value!, `${pointer}/timestamp`);
    const bytes = (timestamp.length / 4) * 3;
    if (bytes > PROOF_MAX_TIMESTAMP_BYTES + 2) {
      throw refused(`${pointer}/timestamp`, `at most ${PROOF_MAX_TIMESTAMP_BYTES} bytes`, bytes);
    }
    return { type: 'opentimestamps', timestamp };
  },
  fromStored(stored, root) {
    const timestamp = proofTimestamp(stored, root);
    return timestamp === null ? null : { type: 'opentimestamps', timestamp: base64.encode(timestamp) };
  },
  form: { members: { timestamp: BASE64_MEMBER }, example: { type: 'opentimestamps', timestamp: 'AIPf4w0u+QyO' } },
  needs: () => [{ source: 'bitcoin' }],
  // A timestamp does when nothing comes to it by merging the other.
  includes(a, b, root) {
    try {
      const [one, other] = [a, b].map(({ timestamp }) => parseTimestamp(base64.decode(timestamp), root));
      return base64.encode(serializeTimestamp(mergeTimestamps(one!, other!))) === a.timestamp;
    } catch (error) {
      if (error instanceof OtsError) return false;
      throw error;
    }
  },
  checker: (access) => (attestation, checkpoint) => checkTimestamp(attestation, checkpoint, access),
};
