import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { formatRfc3161Attestation } from '#tsp/attestation.js';
import { parsePemCertificates } from '#tsp/pem.js';
import { writeTimeStampRequest } from '#tsp/request.js';
import { parseTimeStampResponse } from '#tsp/response.js';
import { createRoot } from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { replyWithOpenssl, verifyWithOpenssl } from '#tsp/testing/stamp.js';
import { parseNote } from '#tlog/note.js';
import { sampleProof } from '../../testing/sample-proof.js';
import { timeStampFiles } from './time-stamp-files.js';
import { verifyProof } from '../../verify.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);

it.skipIf(!withOpenssl)(
  'files of a signer that is its own root pass openssl ts -verify, and the proof passes',
  async () => {
    const extensions = [
      'keyUsage=critical,digitalSignature',
      'extendedKeyUsage=critical,timeStamping',
      'subjectKeyIdentifier=hash',
    ];
    const own = await createRoot({ commonName: 'Alone', extensions });
    const { proof, digests } = sampleProof();
    const checkpoint = proof.log.checkpoints[0]!;
    const imprint = createHash('sha256').update(parseNote(checkpoint.note).text).digest();
    const query = writeTimeStampRequest({ imprint: new Uint8Array(imprint), nonce: new Uint8Array(8).fill(7) });
    const { der } = parseTimeStampResponse(await replyWithOpenssl(query, { signer: own, chain: [] }));
    const parts = { token: der, certificates: [], revocations: [] };
    checkpoint.attestations = [{ type: 'rfc3161', ...formatRfc3161Attestation(parts) }];

    const { data, response, chain, root } = timeStampFiles(proof);
    const [chainPem, rootPem] = [chain, root].map((file) => Buffer.from(file).toString()) as [string, string];
    expect(parsePemCertificates(rootPem)).toEqual([own.der]);
    expect(
      await verifyWithOpenssl({
        token: response,
        response: true,
        message: data,
        roots: [rootPem],
        untrusted: [chainPem],
      }),
    ).toMatchObject({ accepted: true });
    expect(await verifyProof({ proof, digests, timestampRoots: [own.der], now: new Date() })).toMatchObject({
      verdict: 'authentic',
    });
    await rm(dirname(own.keyFile), { recursive: true, force: true });
  },
);
