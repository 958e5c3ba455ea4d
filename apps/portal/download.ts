import { otsFile } from '#proof/ots-file.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';

/** A file that the reader can keep. */
export interface KeptFile {
  name: string;
  mediaType: string;
  content: () => string | Uint8Array;
}

/** Kinds of files that a proof gives. */
export type KeptKind = 'proof' | 'ots' | 'record-in-batch' | 'batch-in-log';

/** Everything a holder should keep beside the document, made on the device from the verified proof. */
export function keptFiles(
  proof: Proof,
  documentName: string,
  sha256: Uint8Array | undefined,
): Record<KeptKind, KeptFile> {
  return {
    proof: {
      name: `${documentName}.proof.json`,
      mediaType: 'application/vnd.sealroot.proof+json',
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
  };
}

/** Hands a file to the browser's downloads. */
export function download(file: KeptFile): void {
  const content = file.content();
  const part = typeof content === 'string' ? content : new Uint8Array(content);
  const address = URL.createObjectURL(new Blob([part], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken the blob once the click was handled; a later turn may let it go.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
