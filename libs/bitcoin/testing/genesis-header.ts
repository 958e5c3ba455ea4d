import { bytesToHex } from '@noble/hashes/utils.js';
import { BLOCK_HEADER_BYTES, parseBlockHeader } from '../block-header.js';
import { displayHash, equalHashes, parseDisplayHash } from '../block-hash.js';
import { NETWORKS, type NetworkName } from '../network.js';

/** The one transaction that block 0 of these networks has in common, as people write its hash. */
const COINBASE = '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';

/** Time and nonce of block 0 (Bitcoin Core, chainparams). */
const GENESIS = {
  mainnet: { time: 1_231_006_505, nonce: 2_083_236_893 },
  testnet: { time: 1_296_688_602, nonce: 414_098_458 },
  signet: { time: 1_598_918_400, nonce: 52_613_770 },
  regtest: { time: 1_296_688_602, nonce: 2 },
} as const satisfies Partial<Record<NetworkName, { time: number; nonce: number }>>;

/** A network whose block 0 is here. */
export type NetworkWithGenesis = keyof typeof GENESIS;

/** Header of a network's block 0, 80 bytes. */
export function genesisHeader(network: NetworkWithGenesis): Uint8Array {
  const { nonce, time } = GENESIS[network];
  const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 1, true);
  bytes.set(parseDisplayHash(COINBASE), 36);
  view.setUint32(68, time, true);
  view.setUint32(72, NETWORKS[network].powLimitBits, true);
  view.setUint32(76, nonce, true);
  const { hash } = parseBlockHeader(bytes);
  if (!equalHashes(hash, NETWORKS[network].genesisHash))
    throw new Error(`Block 0 of ${network}: expected its hash, got ${displayHash(hash)} of ${bytesToHex(bytes)}`);
  return bytes;
}
