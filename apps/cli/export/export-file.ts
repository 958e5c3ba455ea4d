import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { verifyEvmAttestation } from '#evm/attestation.js';
import { chainName } from '#evm/chain.js';
import { EvmError } from '#evm/error.js';
import type { EvmProofAttestation } from '#proof/anchors/evm/attestation.js';
import type { ProofAttestation } from '#proof/anchors/kinds.js';
import { ProofError } from '#proof/error.js';
import { otsFile } from '#proof/ots-file.js';
import type { ProofCheckpoint } from '#proof/checkpoint.js';
import type { Proof } from '#proof/proof.js';
import { batchInLog, recordInBatch } from '#proof/tlog-proofs.js';
import { formatTime } from '#statement/time.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { exportRecipe } from './recipe.js';
import { exportTimeStamp } from './time-stamp-file.js';

/** A file for other programs. */
export interface ExportFile {
  name: string;
  content: string | Uint8Array;
}

/** Files, and what to do with them: a heading and lines of text, commands indented. */
export interface ExportPart {
  files: ExportFile[];
  lines: string[];
}

/** What a proof gives for stock tools, part by part; each says in its lines how it is used. */
export async function exportParts(
  proof: Proof,
  { documentDigest, documentName, now }: { documentDigest: Uint8Array | undefined; documentName: string; now: Date },
): Promise<ExportPart[]> {
  const parts = [exportOts(proof, documentDigest, documentName), exportRecipe(proof, documentName), exportLog(proof)];
  for (const checkpoint of proof.log.checkpoints) {
    parts.push(exportCheckpoint(proof, checkpoint));
    const counts = new Map<string, number>();
    for (const attestation of checkpoint.attestations) {
      const count = (counts.get(attestation.type) ?? 0) + 1;
      counts.set(attestation.type, count);
      const part = await exportAttestation(checkpoint, attestation, count, now);
      if (part !== undefined) parts.push(part);
    }
  }
  return parts;
}

function exportOts(proof: Proof, documentDigest: Uint8Array | undefined, documentName: string): ExportPart {
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

function exportCheckpoint(proof: Proof, checkpoint: ProofCheckpoint): ExportPart {
  const name = checkpointName(checkpoint);
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

function exportAttestation(
  checkpoint: ProofCheckpoint,
  attestation: ProofAttestation,
  count: number,
  now: Date,
): ExportPart | Promise<ExportPart> | undefined {
  const name = checkpointName(checkpoint);
  switch (attestation.type) {
    case 'opentimestamps':
      // All of them are in the one document.ots.
      return undefined;
    case 'evm':
      return exportEvm(checkpoint, attestation, `${name}.evm-${attestation.chainId}${suffix(count)}`);
    case 'rfc3161':
      return exportTimeStamp(attestation, {
        name: `${name}.time-stamp${suffix(count)}`,
        checkpoint: `${name}.txt`,
        now,
      });
  }
}

function exportEvm(checkpoint: ProofCheckpoint, attestation: EvmProofAttestation, name: string): ExportPart {
  const { root } = parseCheckpoint(parseNote(checkpoint.note).text);
  const hex = (text: string) => `0x${bytesToHex(base64.decode(text))}`;
  const chain = chainName(attestation.chainId, attestation.genesis);
  let shown: ReturnType<typeof verifyEvmAttestation>;
  try {
    shown = verifyEvmAttestation(attestation, root);
  } catch (error) {
    if (!(error instanceof EvmError)) throw error;
    return { files: [], lines: [`The attestation by ${chain} does not hold: ${error.message}.`] };
  }
  const transaction = `0x${bytesToHex(shown.transactionHash)}`;
  const content = {
    chain,
    chainId: attestation.chainId,
    genesis: `0x${attestation.genesis}`,
    checkpointRoot: `0x${bytesToHex(root)}`,
    block: {
      number: shown.number,
      hash: `0x${attestation.block}`,
      time: formatTime(shown.timeMs),
      header: hex(attestation.header),
    },
    transaction: {
      hash: transaction,
      index: attestation.index,
      to: `0x${bytesToHex(shown.to)}`,
      raw: hex(attestation.transaction),
    },
    path: attestation.path.map(hex),
  };
  const call = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_getBlockByNumber',
    params: [`0x${shown.number.toString(16)}`, false],
  });
  return {
    files: [{ name: `${name}.json`, content: `${JSON.stringify(content, null, 2)}\n` }],
    lines: [
      `${name}.json: header, transaction and trie path of block ${shown.number} of ${chain}, all in hex.`,
      `With RPC the address of any node of that chain, the block's hash must be 0x${attestation.block},`,
      `the input of the transaction must hold the checkpoint's root 0x${bytesToHex(root)}, and block 0 must be 0x${attestation.genesis}:`,
      '',
      `    curl -s -H 'content-type: application/json' -d '${call}' RPC`,
      `    cast block ${shown.number} --field hash --rpc-url RPC`,
      `    cast tx ${transaction} input --rpc-url RPC`,
      `    cast keccak $(jq -r .block.header ${name}.json)`,
      '    cast block 0 --field hash --rpc-url RPC',
    ],
  };
}

function checkpointName({ note }: ProofCheckpoint): string {
  return `checkpoint-${parseCheckpoint(parseNote(note).text).size}`;
}

/** Nothing for the first of its kind, so that most names are short. */
const suffix = (count: number) => (count === 1 ? '' : `-${count}`);
