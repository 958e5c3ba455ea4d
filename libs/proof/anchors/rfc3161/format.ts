import { hasAttestation } from '../../proof-attestations.js';
import type { ToolFormat } from '../tool-format.js';
import type { TimeStampPart } from './time-stamp-files.js';

/** The files of `openssl ts`, of the earliest time-stamp. */
export const TIME_STAMP_FORMAT = {
  name: 'rfc3161',
  mediaType: 'application/timestamp-reply',
  title: 'the earliest RFC 3161 time-stamp in the proof',
  files: [
    {
      part: 'response',
      mediaType: 'application/timestamp-reply',
      kept: { id: 'time-stamp', suffix: '.tsr' },
    },
    { part: 'data', mediaType: 'application/octet-stream', kept: { id: 'checkpoint', suffix: '.checkpoint.txt' } },
    { part: 'token', mediaType: 'application/vnd.etsi.timestamp-token' },
    {
      part: 'chain',
      mediaType: 'application/pem-certificate-chain',
      kept: { id: 'time-stamp-chain', suffix: '.chain.pem' },
    },
    { part: 'root', mediaType: 'application/pem-certificate-chain' },
    { part: 'revocations', mediaType: 'application/x-pem-file' },
  ],
  partsTitle:
    'which file for `openssl ts -verify -data data -in response -CAfile <your root> -untrusted chain`: the token in a response (unless given), ' +
    'the stamped data, the token alone, the certificates below the root, the root to compare with yours, or the revocation lists',
  fits: (proof) => hasAttestation(proof, 'rfc3161'),
  async make(proof, part) {
    const { timeStampFiles } = await import('./time-stamp-files.js');
    return timeStampFiles(proof)[part as TimeStampPart];
  },
} as const satisfies ToolFormat;

/** Every part of a time-stamp is a file of the format, and the other way round. */
type Part = (typeof TIME_STAMP_FORMAT)['files'][number]['part'];
true satisfies [Part, TimeStampPart] extends [TimeStampPart, Part] ? true : never;
