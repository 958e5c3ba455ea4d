import { otsFile } from '../../ots-file.js';
import { hasAttestation } from '../../proof-attestations.js';
import type { ToolFormat } from '../tool-format.js';

/** The detached file of any OpenTimestamps client. */
export const OTS_FORMAT = {
  name: 'ots',
  mediaType: 'application/vnd.opentimestamps.v1',
  title: 'an OpenTimestamps file',
  files: [{ part: 'file', mediaType: 'application/vnd.opentimestamps.v1', kept: { id: 'ots', suffix: '.ots' } }],
  // Without any attestation such a file cannot be read by anyone.
  fits: (proof) => hasAttestation(proof, 'opentimestamps') && proof.statement.digests.sha256 !== undefined,
  make: (proof, _, options) => Promise.resolve(otsFile(proof, options)),
} as const satisfies ToolFormat;
