import { attestationParts } from '#tsp/attestation.js';
import { type Certificate, isSelfIssued, parseCertificate } from '#tsp/certificate.js';
import { fingerprintOf } from '#tsp/algorithm.js';
import { sameBytes } from '#tsp/der.js';
import { TspError } from '#tsp/error.js';
import { isOcspAnswer } from '#tsp/ocsp.js';
import { formatPem } from '#tsp/pem.js';
import { writeTimeStampResponse } from '#tsp/response.js';
import { parseTimeStampToken } from '#tsp/token.js';
import type { AttestationExport, ExportPart } from '../attestation-export.js';
import type { Rfc3161ProofAttestation } from './attestation.js';

/** Each time-stamp for `openssl ts`: token, response, certificates and revocation lists, and the commands. */
export const RFC3161_EXPORT: AttestationExport<Rfc3161ProofAttestation> = {
  async ofAttestation(exported, { now }) {
    const checkpoint = `${exported.checkpointName}.txt`;
    try {
      const name = `${exported.checkpointName}.time-stamp${exported.suffix}`;
      return await readTimeStamp(exported.attestation, { name, checkpoint, now });
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      return { files: [], lines: [`A time-stamp of ${checkpoint} cannot be read: ${error.message}.`] };
    }
  },
};

/** `checkpoint`: the file with the time-stamped text; `name`: what the other files are named after. */
async function readTimeStamp(
  attestation: Rfc3161ProofAttestation,
  { checkpoint, name, now }: { checkpoint: string; name: string; now: Date },
): Promise<ExportPart> {
  const { certificates, revocations, token } = attestationParts(attestation);
  const { certificates: own, info } = parseTimeStampToken(token);
  const all = different([...own, ...certificates.map(parseCertificate)]);
  const roots = all.filter(isSelfIssued);
  const answers = revocations.filter(isOcspAnswer);
  const lists = revocations.filter((der) => !isOcspAnswer(der));
  const pem = (list: readonly Certificate[]) => list.map(({ der }) => formatPem('CERTIFICATE', der)).join('');
  const files = [
    { name: `${name}.tst`, content: token },
    { name: `${name}.tsr`, content: writeTimeStampResponse(token) },
    { name: `${name}.chain.pem`, content: pem(all) },
    ...(roots.length === 0 ? [] : [{ name: `${name}.root.pem`, content: pem(roots) }]),
    ...(lists.length === 0
      ? []
      : [{ name: `${name}.crl.pem`, content: lists.map((der) => formatPem('X509 CRL', der)).join('') }]),
    ...answers.map((content, i) => ({ name: `${name}.ocsp-${i + 1}.der`, content })),
  ];
  const { subtle } = globalThis.crypto;
  const fingerprints = await Promise.all(
    // Not indented: only commands are, and a name says what its certificate wants.
    roots.map(async ({ der, subject }) => `${await fingerprintOf(subtle, der)} (${subject.text}).`),
  );
  const attime = Math.floor(info.genTime / 1000);
  const verify = `openssl ts -verify -data ${checkpoint} -in ${name}.tsr -CAfile ROOT.pem -untrusted ${name}.chain.pem`;
  const expiresAt = Math.min(...all.map(({ notAfter }) => notAfter));
  const expired = now.getTime() > expiresAt;
  return {
    files,
    lines: [
      `${name}.tsr: a time-stamp (RFC 3161) of ${checkpoint}, of ${new Date(info.genTime).toISOString()}; ${name}.tst: its token alone.`,
      `${name}.chain.pem: the certificates between signer and root${lists.length === 0 ? '' : `; ${name}.crl.pem: the lists of revoked ones`}.`,
      "ROOT.pem is the authority's root certificate, from the authority itself, or from a store that you trust.",
      ...(roots.length === 0
        ? []
        : [
            `${name}.root.pem is the one that the proof brought: use it only when its SHA-256 is what the authority publishes:`,
            ...fingerprints,
          ]),
      expired
        ? `A certificate has expired (${new Date(expiresAt).toISOString()}), so openssl must be told the time of the stamp:`
        : `From ${new Date(expiresAt).toISOString()} on a certificate has expired, and openssl must be told the time of the stamp (second command):`,
      '',
      ...(expired ? [] : [`    ${verify}`]),
      `    ${verify} -attime ${attime}`,
      `    openssl ts -reply -in ${name}.tsr -text`,
      ...(lists.length === 0
        ? []
        : [`    openssl storeutl -noout -text -crls ${name}.crl.pem   # no certificate of the chain may be listed`]),
      ...answers.map(
        (_, at) => `    openssl ocsp -respin ${name}.ocsp-${at + 1}.der -resp_text -noverify   # must say "good"`,
      ),
    ],
  };
}

function different(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter(({ der }, i) => certificates.findIndex((other) => sameBytes(other.der, der)) === i);
}
