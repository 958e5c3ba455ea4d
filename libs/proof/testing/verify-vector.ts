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
  /** Since when, where that is said. */
  since?: string;
  /** By whose word the change was made that took the record out of force. */
  changedBy?: string;
  /** The time of the status. */
  asOf?: string;
  /** By whose word: `batch`, `clock`, or the name of a witness. */
  word?: string;
  /** At each of the instants, what `still` was. */
  standing?: string[];
  notAfter?: string;
  notBefore?: string;
}

/** Verifies what a vector gives. */
export function verifyVector(input: VectorInput): Promise<Verification> {
  const { proof, digests = {}, trustedKeys = [], blockSources = [], evmSources = [], timestampRoots = [] } = input;
  const { at, maxStatusAgeMs, now, witnessKeys } = input;
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
    witnessKeys,
    maxStatusAgeMs,
    at: at === undefined ? undefined : new Date(at),
    now: new Date(now),
  });
}

/** Verifies what a vector gives, at each of its instants too. */
export async function answerVector(input: VectorInput): Promise<VectorAnswer> {
  const answer = vectorAnswer(await verifyVector(input));
  if (input.instants === undefined) return answer;
  const asked = await Promise.all(input.instants.map((at) => verifyVector({ ...input, at })));
  return { ...answer, standing: asked.map(({ still }) => still.state) };
}

/** A verification as a vector states it. */
function vectorAnswer({ findings, still, verdict, when, who }: Verification): VectorAnswer {
  const status = 'status' in still ? still.status : undefined;
  return {
    verdict,
    findings: findings.map(({ check, outcome }) => [check, outcome]),
    who,
    still: still.state,
    ...('since' in still && { since: still.since }),
    ...('who' in still && { changedBy: still.who }),
    ...(status !== undefined && {
      asOf: status.asOf,
      word: status.word.kind === 'witness' ? status.word.name : status.word.kind,
    }),
    ...(when.notAfter && { notAfter: when.notAfter.time }),
    ...(when.notBefore && { notBefore: when.notBefore.time }),
  };
}

/** An answer but for its bounds, which the second verifier does not tell. */
export function withoutBounds(answer: VectorAnswer): Partial<VectorAnswer> {
  const { notAfter: _, notBefore: __, ...rest } = answer;
  return rest;
}
