import { attestationParts } from '#tsp/attestation.js';
import { type Certificate, isSelfIssued, parseCertificate } from '#tsp/certificate.js';
import { TspError } from '#tsp/error.js';
import { isOcspAnswer } from '#tsp/ocsp.js';
import { formatPem } from '#tsp/pem.js';
import { writeTimeStampResponse } from '#tsp/response.js';
import { isSignerOf, parseTimeStampToken } from '#tsp/token.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { ProofError } from '../../error.js';
import type { Proof } from '../../proof.js';

/** The files of a time-stamp, by what they are for:
 *
 * - `data`: what was stamped, the checkpoint's signed text;
 * - `token`: the TimeStampToken; `response`: the same as a TimeStampResp, which `openssl ts -verify -in` takes;
 * - `chain`: the signer's certificate and those of its issuers below the root, PEM, for `-untrusted`;
 * - `root`: the root that the proof brings along, PEM, empty when it brings none. Whoever trusts it must have it from elsewhere: this copy is for
 *   comparing;
 * - `revocations`: the revocation lists, PEM, empty when there are none.
 */
export const TIME_STAMP_PARTS = ['data', 'token', 'response', 'chain', 'root', 'revocations'] as const;
export type TimeStampPart = (typeof TIME_STAMP_PARTS)[number];

/** A time-stamp for stock tools. */
export type TimeStampFiles = Record<TimeStampPart, Uint8Array> & {
  /** Size of the checkpoint that it is about. */
  checkpointSize: number;
  /** Milliseconds since 1970; `openssl ts -verify -attime` takes its whole seconds. Unverified, as everything here. */
  genTime: number;
};

/** The earliest time-stamp of a proof as files that stock tools verify: `openssl ts -verify`. Nothing is verified here.
 * @throws ProofError `no-attestation` when the proof holds no time-stamp that can be read */
export function timeStampFiles(proof: Proof): TimeStampFiles {
  const found = proof.log.checkpoints.flatMap(({ note, attestations }) =>
    attestations.flatMap((attestation) => (attestation.type === 'rfc3161' ? filesOf(note, attestation) : [])),
  );
  const [earliest] = found.toSorted((a, b) => a.genTime - b.genTime);
  if (!earliest) {
    throw new ProofError(
      'no-attestation',
      'Taking a time-stamp out of a proof: expected an attestation of type rfc3161, got none',
    );
  }
  return earliest;
}

function filesOf(note: string, attestation: Parameters<typeof attestationParts>[0]): TimeStampFiles[] {
  const { text } = parseNote(note);
  const parts = attestationParts(attestation);
  try {
    const token = parseTimeStampToken(parts.token);
    const certificates = [...token.certificates, ...parts.certificates.map(parseCertificate)];
    const pem = (wanted: (one: Certificate) => boolean) =>
      [...new Set(certificates.filter(wanted).map(({ der }) => formatPem('CERTIFICATE', der)))].join('');
    return [
      {
        checkpointSize: parseCheckpoint(text).size,
        genTime: token.info.genTime,
        data: encode(text),
        token: parts.token,
        response: writeTimeStampResponse(parts.token),
        // A signer that issued itself is both: openssl takes no empty file for a chain.
        chain: encode(pem((one) => !isSelfIssued(one) || isSignerOf(token, one))),
        root: encode(pem(isSelfIssued)),
        revocations: encode(
          parts.revocations
            .filter((data) => !isOcspAnswer(data))
            .map((list) => formatPem('X509 CRL', list))
            .join(''),
        ),
      },
    ];
  } catch (error) {
    if (error instanceof TspError) return [];
    throw error;
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
