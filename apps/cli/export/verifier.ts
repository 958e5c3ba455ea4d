import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExportPart } from '#proof/anchors/attestation-export.js';
import { formatProof, type Proof } from '#proof/proof.js';

/** Modules of the second verifier, below `libs`; the first is the program. */
const MODULES = [
  'proof/testing/verify.py',
  'proof/testing/one_document.py',
  'proof/testing/forms.py',
  'proof/testing/proof_status.py',
  'proof/testing/agency.py',
  'status/testing/status.py',
  'evm/testing/ethereum.py',
  'tsp/testing/time_stamp.py',
];

/** The proof, and a verifier of it that shares no code with ours, in a language that whoever checks it can read. */
export async function exportVerifier(proof: Proof, documentName: string): Promise<ExportPart> {
  const libs = new URL('../../../libs/', import.meta.url);
  const modules = MODULES.map(async (path) => ({
    name: `verifier/${basename(path)}`,
    content: await readFile(new URL(path, libs)),
  }));
  return {
    files: [{ name: 'proof.sealroot.json', content: formatProof(proof) }, ...(await Promise.all(modules))],
    lines: [
      'proof.sealroot.json: the proof. verifier: a second verifier of such proofs, written by their specification in Python, with its standard',
      'library alone (openssl for time-stamps). It asks nobody: it says what you have to look up for each anchor, and with which option it is given.',
      '',
      `    python3 verifier/verify.py ${documentName} proof.sealroot.json`,
    ],
  };
}
