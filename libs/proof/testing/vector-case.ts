import { bytesToHex } from '@noble/hashes/utils.js';
import type { NetworkName } from '#bitcoin/network.js';
import { SAMPLE_GENESIS, type SampleEvmBlock } from '#evm/testing/sample-chain.js';
import { formatProof, type Proof } from '../proof.js';
import type { CheckName, Outcome } from '../finding.js';
import type { Verdict } from '../verification.js';
import type { SampleBlock } from './sample-block.js';
import type { VectorAnswer } from './verify-vector.js';
import type { SampleProof } from './sample-proof.js';

/** Block headers of one source in a vector: height → 80 bytes in hex. */
export interface VectorSource {
  name: string;
  network: NetworkName | 'unknown';
  headers: Record<string, string>;
}

/** Blocks of one EVM source in a vector. */
export interface VectorEvmSource {
  name: string;
  chainId: number;
  /** Hash of block 0, hex. */
  genesis: string;
  /** Height up to which it calls blocks final; absent when it cannot tell. */
  finalized?: number;
  /** Height → hash of the block in hex. */
  blocks: Record<string, string>;
}

/** One vector: what a verifier is given. */
export interface VectorInput {
  about: string;
  /** The proof's text. */
  proof: string;
  /** Plain digests of the document in hex; absent when no document is given. */
  digests?: Record<string, string>;
  trustedKeys?: string[];
  blockSources?: VectorSource[];
  evmSources?: VectorEvmSource[];
  /** Trusted roots of time-stamps, base64 of DER. */
  timestampRoots?: string[];
  /** Verifier keys of trusted witnesses. */
  witnessKeys?: string[];
  maxStatusAgeMs?: number;
  /** The time as of which the standing is asked, where it is not `now`. */
  at?: string;
  /** Further such times, at each of which the standing is asked too. */
  instants?: string[];
  now: string;
}

/** A vector with what its author expects of it: the verdict, the checks that are not as in the first vector, and more where it matters. */
export interface VectorCase extends VectorInput {
  verdict: Verdict;
  checks: Partial<Record<CheckName, Outcome | Outcome[]>>;
  /** Members of the answer. */
  answer?: Partial<VectorAnswer>;
}

/** What a vector has instead of what its sample has. */
export type Change = Partial<Omit<VectorCase, 'about' | 'proof'>> & { proof?: Proof | string };

/** A source of these blocks. */
export function source(
  blocks: readonly SampleBlock[],
  name = 'node',
  network: VectorSource['network'] = 'regtest',
): VectorSource {
  return {
    name,
    network,
    headers: Object.fromEntries(blocks.map(({ height, header }) => [height, bytesToHex(header)])),
  };
}

/** An EVM source of these blocks, on the sample chain. */
export function evmSource(
  blocks: readonly SampleEvmBlock[],
  { name = 'rpc', extra = {} }: { name?: string; extra?: Record<number, string> } = {},
): VectorEvmSource {
  const served = { ...extra, ...Object.fromEntries(blocks.map(({ number, hash }) => [number, hash])) };
  return { name, chainId: 31_337, genesis: SAMPLE_GENESIS, finalized: 9000, blocks: served };
}

/** A vector around a sample proof. */
export function vector(about: string, from: SampleProof, verdict: Verdict, change: Change = {}): VectorCase {
  const { proof = from.text, ...rest } = change;
  const digests = Object.fromEntries(Object.entries(from.digests).map(([name, bytes]) => [name, bytesToHex(bytes)]));
  return {
    about,
    proof: typeof proof === 'string' ? proof : formatProof(proof),
    digests,
    trustedKeys: [from.key],
    blockSources: [source(from.blocks)],
    ...(from.evmBlocks.length === 0 ? {} : { evmSources: [evmSource(from.evmBlocks)] }),
    now: from.now.toISOString(),
    verdict,
    checks: {},
    ...rest,
  };
}
