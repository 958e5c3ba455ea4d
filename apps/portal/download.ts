import { TOOL_FORMATS } from '#proof/anchors/formats.js';
import { PROOF_MEDIA_TYPE, PROOF_SUFFIX } from '#proof/format.js';
import { formatProof, type Proof } from '#proof/proof.js';
import type { KeptFile } from '#words/page-words.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';

/** A file that the reader can keep. */
export interface Download {
  name: string;
  mediaType: string;
  content: () => string | Promise<Uint8Array | Blob>;
}

/** One of the files that go with every proof. */
export interface OfferedFile extends Download {
  kind: KeptFile;
}

/** Everything a holder should keep beside the document, made on the device from the verified proof. */
export function keptFiles(proof: Proof, documentName: string, sha256: Uint8Array | undefined): OfferedFile[] {
  const forTools = TOOL_FORMATS.filter((format) => format.fits(proof)).flatMap((format) =>
    format.files.flatMap(({ kept, mediaType, part }): OfferedFile[] =>
      kept === undefined
        ? []
        : [
            {
              kind: kept.id,
              name: `${documentName}${kept.suffix}`,
              mediaType,
              content: () => format.make(proof, part, { documentDigest: sha256 }),
            },
          ],
    ),
  );
  return [
    {
      kind: 'proof',
      name: `${documentName}${PROOF_SUFFIX}`,
      mediaType: PROOF_MEDIA_TYPE,
      content: () => formatProof(proof),
    },
    {
      kind: 'record-in-batch',
      name: `${documentName}.batch.tlog-proof`,
      mediaType: 'text/plain',
      content: () => recordInBatch(proof),
    },
    {
      kind: 'batch-in-log',
      name: `${documentName}.log.tlog-proof`,
      mediaType: 'text/plain',
      content: () => batchInLog(proof),
    },
    ...forTools,
  ];
}

/** Hands a file to the browser's downloads. */
export async function download(file: Download): Promise<void> {
  const content = await file.content();
  const part = content instanceof Uint8Array ? new Uint8Array(content) : content;
  const address = URL.createObjectURL(new Blob([part], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken the blob once the click was handled; a later turn may let it go.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
