import { bytesToHex } from '@noble/hashes/utils.js';
import type { NetworkName } from '#bitcoin/network.js';
import { formatProof, type Proof } from '../proof.js';
import type { CheckCode, CheckStatus, Verdict } from '../verdict.js';
import type { SampleBlock } from './sample-block.js';
import type { SampleProof } from './sample-proof.js';

/** Block headers of one source in a vector: height → 80 bytes in hex. */
export interface VectorSource {
  name: string;
  network: NetworkName | 'unknown';
  headers: Record<string, string>;
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
  now: string;
}

/** A vector with what its author expects of it: the verdict, and the checks that are not as in the first vector. */
export interface VectorCase extends VectorInput {
  verdict: Verdict;
  checks: Partial<Record<CheckCode, CheckStatus | CheckStatus[]>>;
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
    now: from.now.toISOString(),
    verdict,
    checks: {},
    ...rest,
  };
}
