import type { ExportAccess, ExportPart } from '#proof/anchors/attestation-export.js';
import { exportEach, exportTogether } from '#proof/anchors/exports.js';
import type { ProofCheckpoint } from '#proof/checkpoint.js';
import type { Proof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { exportPage } from './page.js';
import { exportRecipe } from './recipe.js';
import { exportVerifier } from './verifier.js';

/** What a proof gives for stock tools, part by part; each says in its lines how it is used. */
export async function exportParts(access: ExportAccess): Promise<ExportPart[]> {
  const { proof, documentName } = access;
  const verifier = await exportVerifier(proof, documentName);
  const parts = [
    ...exportTogether(access),
    exportRecipe(proof, documentName),
    verifier,
    ...(await exportPage()),
    exportLog(proof),
  ];
  for (const checkpoint of proof.log.checkpoints) {
    const { size } = parseCheckpoint(parseNote(checkpoint.note).text);
    const name = `checkpoint-${size}`;
    parts.push(exportCheckpoint(proof, checkpoint, name), ...(await exportEach(checkpoint, name, access)));
  }
  return parts;
}

function exportLog(proof: Proof): ExportPart {
  const { key } = proof.log;
  return {
    files: [
      { name: 'log.vkey', content: `${key}\n` },
      { name: 'record-in-batch.tlog-proof', content: recordInBatch(proof) },
    ],
    lines: [
      "log.vkey: the key that signed, as the proof says; compare it with what the log's operator publishes.",
      'record-in-batch.tlog-proof: the record in its batch, for tools of transparency logs (C2SP tlog-proof).',
    ],
  };
}

function exportCheckpoint(proof: Proof, checkpoint: ProofCheckpoint, name: string): ExportPart {
  const inLog = batchInLog({ ...proof, log: { ...proof.log, checkpoints: [checkpoint] } });
  return {
    files: [
      { name: `${name}.note`, content: checkpoint.note },
      { name: `${name}.txt`, content: parseNote(checkpoint.note).text },
      { name: `${name}.tlog-proof`, content: inLog },
    ],
    lines: [
      `${name}.note: the signed checkpoint; ${name}.txt: its text, byte for byte as it was signed and time-stamped.`,
      `${name}.tlog-proof: the batch in the log of that checkpoint (C2SP tlog-proof).`,
    ],
  };
}
