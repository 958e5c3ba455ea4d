/** A chain whose id is known here. */
export interface EvmChain {
  id: number;
  /** As its people call it; absent where no hash of block 0 is known, since an id alone is anybody's to use. */
  name?: string;
  /** Whether it is for tests: what is anchored there proves nothing to anybody else. */
  test: boolean;
  /** Hash of block 0, hex. */
  genesis?: string;
}

/** What may be said of a chain by its id and its block 0. */
export interface EvmChainIdentity {
  id: number;
  /** Null unless block 0 is that of the chain with this name. */
  name: string | null;
  /**
   * - `public`: a known chain, by its block 0, that is not for tests;
   * - `test`: the id is that of a chain for tests: it proves nothing outside one, whatever block 0 it has;
   * - `foreign`: not known here, or its block 0 was not told; it says what those who run it want;
   * - `impostor`: it has the id of a known chain and another block 0.
   */
  standing: 'public' | 'test' | 'foreign' | 'impostor';
}

const chain = (id: number, name: string, genesis: string): EvmChain => ({ id, name, test: false, genesis });
const testChain = (id: number, name: string, genesis: string): EvmChain => ({ id, name, test: true, genesis });

/** Block 0 of Avalanche's main chain and of its test chain are the same: only the id tells them apart. */
const AVALANCHE_GENESIS = '31ced5b9beb7f8782b014660da0cb18cc409f121f408186886e1ca3e8eeca96b';

/** The one table of chains; README § 8 says where each hash is found. */
const CHAINS: readonly EvmChain[] = [
  chain(1, 'Ethereum', 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3'),
  chain(10, 'OP Mainnet', '7ca38a1916c42007829c55e69d3e9a73265554b586a499015373241b8a3fa48b'),
  chain(56, 'BNB Smart Chain', '0d21840abff46b96c84b2ac9e10e4f5cdaeb5693cb665db62a2f3b02d2d57b5b'),
  chain(100, 'Gnosis', '4f1dd23188aab3a76b463e4af801b52b1248ef073c648cbdc4c9333d3da79756'),
  chain(130, 'Unichain', '3425162ddf41a0a1f0106d67b71828c9a9577e6ddeb94e4f33d2cde1fdc3befe'),
  chain(137, 'Polygon', 'a9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b'),
  chain(8453, 'Base', 'f712aa9241cc24369b143cf6dce85f0902a9731e70d66818a3a5845b296c73dd'),
  chain(42161, 'Arbitrum One', '7ee576b35482195fc49205cec9af72ce14f003b9ae69f6ba0faef4514be8b442'),
  chain(42220, 'Celo', '19ea3339d3c8cda97235bc8293240d5b9dadcdfbb5d4b0b90ee731cac1bd11c3'),
  chain(43114, 'Avalanche', AVALANCHE_GENESIS),
  chain(59144, 'Linea Mainnet', 'b6762a65689107b2326364aefc18f94cda413209fab35c00d4af51eaa20ffbc6'),
  { id: 71, test: true },
  testChain(97, 'BNB Smart Chain Testnet', '6d3c66c5357ec91d5c43af47e234a939b22557cbb552dc45bebbceeed90fbe34'),
  { id: 1337, test: true },
  testChain(10200, 'Gnosis Chiado', 'ada44fd8d2ecab8b08f256af07ad3e777f17fb434f8f8e678b312f576212ba9a'),
  testChain(17000, 'Holesky', 'b5f7f912443c940f21fd611f12828d75b534364ed9e95ca4e307729a4661bde4'),
  { id: 31337, test: true },
  testChain(43113, 'Avalanche Fuji', AVALANCHE_GENESIS),
  { id: 59141, test: true },
  testChain(80002, 'Polygon Amoy', '7202b2b53c5a0836e773e319d18922cc756dd67432f9a1f65352b61f4406c697'),
  testChain(84532, 'Base Sepolia', '0dcc9e089e30b90ddfc55be9a37dd15bc551aeee999d2e2b51414c54eaf934e4'),
  testChain(421614, 'Arbitrum Sepolia', '77194da4010e549a7028a9c3c51c3e277823be6ac7d138d0bb8a70197b5c004c'),
  { id: 534351, test: true },
  testChain(560048, 'Hoodi', 'bbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b'),
  testChain(11155111, 'Sepolia', '25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9'),
  testChain(11155420, 'OP Sepolia', '102de6ffb001480cc9b8b548fd05c34cd4f46ae4aa91759393db90ea0409887d'),
];

/** Ids that development nodes use (anvil, Hardhat, geth --dev). */
const DEVELOPMENT_IDS: ReadonlySet<number> = new Set([1337, 31337]);

const BY_ID: ReadonlyMap<number, EvmChain> = new Map(CHAINS.map((known) => [known.id, known]));

/** The chain that is known by this id, to look for its block 0; undefined for one that is not known here, such as a consortium's own. What a
 * chain with the id is, {@link identifyChain} says. */
export function knownChain(id: number): EvmChain | undefined {
  return BY_ID.get(id);
}

/** What may be said of the chain with this id and this block 0 (hash in hex, with or without `0x`; null when it was not told). */
export function identifyChain(id: number, genesis: string | null): EvmChainIdentity {
  const known = BY_ID.get(id);
  if (known === undefined) return { id, name: null, standing: 'foreign' };
  const same = genesis !== null && known.genesis === genesis.toLowerCase().replace(/^0x/, '');
  const name = same ? (known.name ?? null) : null;
  if (known.test) return { id, name, standing: 'test' };
  if (genesis === null) return { id, name, standing: 'foreign' };
  return { id, name, standing: same ? 'public' : 'impostor' };
}

/** How sentences name a chain: `Ethereum (chain 1)` where its block 0 is the one that is known, `chain 1` where it is another or was not told. */
export function chainName(id: number, genesis: string | null): string {
  if (DEVELOPMENT_IDS.has(id)) return `a development chain (chain ${id})`;
  const { name } = identifyChain(id, genesis);
  return name === null ? `chain ${id}` : `${name} (chain ${id})`;
}
