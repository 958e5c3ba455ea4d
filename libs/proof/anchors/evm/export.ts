import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { verifyEvmAttestation } from '#evm/attestation.js';
import { chainName } from '#evm/chain.js';
import { EvmError } from '#evm/error.js';
import { formatTime } from '#statement/time.js';
import type { AttestationExport, ExportedAttestation, ExportPart } from '../attestation-export.js';
import type { EvmProofAttestation } from './attestation.js';

/** Header, transaction and path of each block in hex, and the commands that compare them with a node. */
export const EVM_EXPORT: AttestationExport<EvmProofAttestation> = { ofAttestation: exportEvm };

function exportEvm({
  attestation,
  root,
  checkpointName,
  suffix,
}: ExportedAttestation<EvmProofAttestation>): ExportPart {
  const name = `${checkpointName}.evm-${attestation.chainId}${suffix}`;
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
