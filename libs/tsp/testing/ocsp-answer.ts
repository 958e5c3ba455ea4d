import { createHash, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Certificate, parseCertificate } from '../certificate.js';
import { contextTag, TAG } from '../der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from '../der-writer.js';
import type { CertificateAuthority } from './certificate-authority.js';

/** An OCSP answer by an authority that says `good` of any certificates, each with its issuer. */
export function craftOcspAnswer(
  about: readonly [Certificate, Certificate][],
  { by, at }: { by: CertificateAuthority; at: Date },
): Uint8Array {
  const sha1 = (bytes: Uint8Array) => writeDer(TAG.octetString, createHash('sha1').update(bytes).digest());
  const time = (ms: number) =>
    writeDer(TAG.generalizedTime, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));
  const from = time(at.getTime() - 3_600_000);
  const until = time(at.getTime() + 86_400_000);
  const statuses = about.map(([{ serial, issuer }, { key }]) => {
    const digest = writeSequence(writeOid('1.3.14.3.2.26'), writeDer(TAG.null));
    const number = writeInteger(Buffer.from(serial.toString(16).padStart(40, '0'), 'hex'));
    const id = writeSequence(digest, sha1(issuer.der), sha1(key.bits), number);
    return writeSequence(id, writeDer(contextTag(0, false)), from, writeDer(contextTag(0), until));
  });
  const name = writeDer(contextTag(1), parseCertificate(by.der).subject.der);
  const signed = writeSequence(name, from, writeSequence(...statuses));
  const signature = createSign('sha256').update(signed).sign(readFileSync(by.keyFile));
  const algorithm = writeSequence(writeOid('1.2.840.10045.4.3.2'));
  const basic = writeSequence(signed, algorithm, writeDer(TAG.bitString, Uint8Array.of(0), signature));
  const typed = writeSequence(writeOid('1.3.6.1.5.5.7.48.1.1'), writeDer(TAG.octetString, basic));
  return writeSequence(writeDer(TAG.enumerated, Uint8Array.of(0)), writeDer(contextTag(0), typed));
}
