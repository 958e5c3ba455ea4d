import { equalHashes, parseDisplayHash } from './block-hash.js';
import { BitcoinError } from './error.js';

/** The Bitcoin networks this library knows. */
export type NetworkName = 'mainnet' | 'testnet' | 'testnet4' | 'signet' | 'regtest';

/** What tells a Bitcoin network from the others. */
export interface Network {
  readonly name: NetworkName;
  /** Hash of block 0, 32 bytes in internal order. */
  readonly genesisHash: Uint8Array;
  /** The easiest target a block may have, in compact form. */
  readonly powLimitBits: number;
  /** What Bitcoin Core calls it in `getblockchaininfo`. */
  readonly coreName: string;
  /** Whether it is for tests: what is anchored there proves nothing to anybody else. */
  readonly test: boolean;
  /** Whether every block's target follows from the headers before it. Not so where blocks may be mined at the easiest target. */
  readonly strictTargets: boolean;
}

/** Every known network, by name. Genesis hashes and limits as in Bitcoin Core's chainparams. */
export const NETWORKS: Readonly<Record<NetworkName, Network>> = {
  mainnet: {
    name: 'mainnet',
    genesisHash: parseDisplayHash('000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'),
    powLimitBits: 0x1d00ffff,
    coreName: 'main',
    test: false,
    strictTargets: true,
  },
  testnet: {
    name: 'testnet',
    genesisHash: parseDisplayHash('000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943'),
    powLimitBits: 0x1d00ffff,
    coreName: 'test',
    test: true,
    strictTargets: false,
  },
  testnet4: {
    name: 'testnet4',
    genesisHash: parseDisplayHash('00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043'),
    powLimitBits: 0x1d00ffff,
    coreName: 'testnet4',
    test: true,
    strictTargets: false,
  },
  signet: {
    name: 'signet',
    genesisHash: parseDisplayHash('00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6'),
    powLimitBits: 0x1e0377ae,
    coreName: 'signet',
    test: true,
    strictTargets: true,
  },
  regtest: {
    name: 'regtest',
    genesisHash: parseDisplayHash('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206'),
    powLimitBits: 0x207fffff,
    coreName: 'regtest',
    test: true,
    strictTargets: false,
  },
};

/** The network of a name as this project writes it. Throws `unknown-network`. */
export function networkNamed(name: string): Network {
  const network = Object.values(NETWORKS).find((candidate) => candidate.name === name);
  if (network !== undefined) return network;
  throw new BitcoinError(
    'unknown-network',
    `Network: expected one of ${Object.keys(NETWORKS).join(', ')}, got another`,
  );
}

/** The network whose block 0 has this hash (32 bytes, internal order), if it is known. */
export function networkOfGenesis(genesisHash: Uint8Array): Network | undefined {
  return Object.values(NETWORKS).find((network) => equalHashes(network.genesisHash, genesisHash));
}

/** The network that Bitcoin Core calls so in `getblockchaininfo`, if it is known. */
export function networkOfCoreName(coreName: string): Network | undefined {
  return Object.values(NETWORKS).find((network) => network.coreName === coreName);
}
