import { ProofError } from '../../error.js';
import { otsFile } from '../../ots-file.js';
import type { AttestationExport, ExportAccess, ExportPart } from '../attestation-export.js';
import type { OpenTimestampsAttestation } from './attestation.js';

/** One file of all attestations, from the document on, for any OpenTimestamps client. */
export const OPENTIMESTAMPS_EXPORT: AttestationExport<OpenTimestampsAttestation> = { ofProof: exportOts };

function exportOts({ proof, documentDigest, documentName }: ExportAccess): ExportPart {
  const blinded = proof.statement.blinded === true;
  let content: Uint8Array;
  try {
    content = otsFile(proof, { documentDigest });
  } catch (error) {
    if (!(error instanceof ProofError) || error.code === 'wrong-document') throw error;
    return { files: [], lines: [`No OpenTimestamps file: ${error.message}.`] };
  }
  const start =
    blinded && documentDigest === undefined
      ? ['It starts at the blinded digest; give --document and the salt to make one that starts at the document.']
      : ['', `    ots info document.ots`, `    ots verify -f ${documentName} document.ots`];
  return {
    files: [{ name: 'document.ots', content }],
    lines: ['document.ots: from the document to Bitcoin, for any OpenTimestamps client.', ...start],
  };
}
