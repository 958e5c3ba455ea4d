import { otsFile } from '#proof/ots-file.js';
import { PROOF_MEDIA_TYPE, PROOF_SUFFIX } from '#proof/format.js';
import { formatProof, type Proof } from '#proof/proof.js';
import type { TimeStampFiles } from '#proof/time-stamp-files.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';

/** A file that the reader can keep. */
export interface KeptFile {
  name: string;
  mediaType: string;
  content: () => string | Uint8Array | Promise<Uint8Array>;
}

/** Kinds of files that a proof gives. */
export type KeptKind =
  'proof' | 'ots' | 'record-in-batch' | 'batch-in-log' | 'checkpoint' | 'time-stamp' | 'time-stamp-chain';

/** Everything a holder should keep beside the document, made on the device from the verified proof. */
export function keptFiles(
  proof: Proof,
  documentName: string,
  sha256: Uint8Array | undefined,
): Record<KeptKind, KeptFile> {
  return {
    proof: {
      name: `${documentName}${PROOF_SUFFIX}`,
      mediaType: PROOF_MEDIA_TYPE,
      content: () => formatProof(proof),
    },
    ots: {
      name: `${documentName}.ots`,
      mediaType: 'application/vnd.opentimestamps.v1',
      content: () => otsFile(proof, { documentDigest: sha256 }),
    },
    'record-in-batch': {
      name: `${documentName}.batch.tlog-proof`,
      mediaType: 'text/plain',
      content: () => recordInBatch(proof),
    },
    'batch-in-log': {
      name: `${documentName}.log.tlog-proof`,
      mediaType: 'text/plain',
      content: () => batchInLog(proof),
    },
    checkpoint: {
      name: `${documentName}.checkpoint.txt`,
      mediaType: 'text/plain',
      content: async () => (await timeStamp(proof)).data,
    },
    'time-stamp': {
      name: `${documentName}.tsr`,
      mediaType: 'application/timestamp-reply',
      content: async () => (await timeStamp(proof)).response,
    },
    'time-stamp-chain': {
      name: `${documentName}.chain.pem`,
      mediaType: 'application/x-pem-file',
      content: async () => (await timeStamp(proof)).chain,
    },
  };
}

/** The earliest time-stamp as files. What reads time-stamps is loaded only for proofs that hold one. */
async function timeStamp(proof: Proof): Promise<TimeStampFiles> {
  const { timeStampFiles } = await import('#proof/time-stamp-files.js');
  return timeStampFiles(proof);
}

/** Hands a file to the browser's downloads. */
export async function download(file: KeptFile): Promise<void> {
  const content = await file.content();
  const part = typeof content === 'string' ? content : new Uint8Array(content);
  const address = URL.createObjectURL(new Blob([part], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken the blob once the click was handled; a later turn may let it go.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
