/** A chain whose id is known here. */
export interface EvmChain {
  id: number;
  /** As its people call it. */
  name: string;
  /** Whether it is for tests: what is anchored there proves nothing to anybody else. */
  test: boolean;
  /** Hash of block 0, hex, where this project has computed it from the header itself. */
  genesis?: string;
}

const CHAINS: readonly EvmChain[] = [
  { id: 1, name: 'Ethereum', test: false, genesis: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3' },
  { id: 10, name: 'OP Mainnet', test: false },
  { id: 56, name: 'BNB Smart Chain', test: false },
  { id: 100, name: 'Gnosis', test: false },
  { id: 130, name: 'Unichain', test: false },
  { id: 137, name: 'Polygon', test: false },
  { id: 324, name: 'ZKsync Era', test: false },
  { id: 1030, name: 'Conflux eSpace', test: false },
  { id: 5000, name: 'Mantle', test: false },
  { id: 8453, name: 'Base', test: false },
  { id: 42161, name: 'Arbitrum One', test: false },
  { id: 42220, name: 'Celo', test: false },
  { id: 43114, name: 'Avalanche', test: false },
  { id: 59144, name: 'Linea Mainnet', test: false },
  { id: 81457, name: 'Blast', test: false },
  { id: 534352, name: 'Scroll', test: false },
  { id: 71, name: 'Conflux eSpace Testnet', test: true },
  { id: 97, name: 'BNB Smart Chain Testnet', test: true },
  { id: 1337, name: 'a development chain', test: true },
  { id: 10200, name: 'Gnosis Chiado', test: true },
  { id: 17000, name: 'Holesky', test: true },
  { id: 31337, name: 'a development chain', test: true },
  { id: 43113, name: 'Avalanche Fuji', test: true },
  { id: 59141, name: 'Linea Sepolia Testnet', test: true },
  { id: 80002, name: 'Polygon Amoy', test: true },
  { id: 84532, name: 'Base Sepolia', test: true },
  { id: 421614, name: 'Arbitrum Sepolia', test: true },
  { id: 534351, name: 'Scroll Sepolia', test: true },
  { id: 560048, name: 'Hoodi', test: true },
  {
    id: 11155111,
    name: 'Sepolia',
    test: true,
    genesis: '25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9',
  },
  { id: 11155420, name: 'OP Sepolia', test: true },
];

const BY_ID: ReadonlyMap<number, EvmChain> = new Map(CHAINS.map((chain) => [chain.id, chain]));

/** The chain with this id; undefined for one that is not known here, such as a consortium's own. Ids are not protected names: only the hash of block 0 tells chains apart. */
export function knownChain(id: number): EvmChain | undefined {
  return BY_ID.get(id);
}

/** How sentences name a chain: `Ethereum (chain 1)`, or `chain 4711`. */
export function chainName(id: number): string {
  const known = BY_ID.get(id);
  return known === undefined ? `chain ${id}` : `${known.name} (chain ${id})`;
}
