import { hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import type { NetworkName } from '#bitcoin/network.js';
import { sampleEvmSource } from '#evm/testing/sample-chain.js';
import type { Verification } from '../verification.js';
import { verifyProof } from '../verify.js';
import { sampleBlockSource } from './sample-block.js';
import type { VectorInput } from './vector-case.js';

/** What the vectors say of a verification: the verdict, each check with its outcome, and the three answers. */
export interface VectorAnswer {
  verdict: string;
  findings: [check: string, outcome: string][];
  who: string;
  still: string;
  notAfter?: string;
  notBefore?: string;
}

/** Verifies what a vector gives. */
export function verifyVector(input: VectorInput): Promise<Verification> {
  const { proof, digests = {}, trustedKeys = [], blockSources = [], evmSources = [], timestampRoots = [], now } = input;
  return verifyProof({
    proof,
    digests: Object.fromEntries(Object.entries(digests).map(([name, hex]) => [name, hexToBytes(hex)])),
    trustedKeys,
    sources: {
      bitcoin: blockSources.map(({ name, network, headers }) => {
        const blocks = Object.entries(headers).map(([height, hex]) => ({
          height: Number(height),
          header: hexToBytes(hex),
        }));
        return sampleBlockSource(blocks, name, network === 'unknown' ? null : (network satisfies NetworkName));
      }),
      evm: evmSources.map(sampleEvmSource),
    },
    timestampRoots: timestampRoots.map((root) => base64.decode(root)),
    now: new Date(now),
  });
}

/** A verification as a vector states it. */
export function vectorAnswer({ findings, still, verdict, when, who }: Verification): VectorAnswer {
  return {
    verdict,
    findings: findings.map(({ check, outcome }) => [check, outcome]),
    who,
    still: still.state,
    ...(when.notAfter && { notAfter: when.notAfter.time }),
    ...(when.notBefore && { notBefore: when.notBefore.time }),
  };
}
