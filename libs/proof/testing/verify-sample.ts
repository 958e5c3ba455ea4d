import type { BlockSource } from '#source/block-source.js';
import type { EvmSource } from '#source/evm-source.js';
import type { CheckName, FindingOf } from '../finding.js';
import type { Verification } from '../verification.js';
import { verifyProof, type VerifyInput } from '../verify.js';
import type { SampleProof } from './sample-proof.js';

/** What a test gives in place of the sample's own. */
export type Given = Partial<VerifyInput> & {
  blockSources?: readonly BlockSource[];
  evmSources?: readonly EvmSource[];
};

/** Verifies a sample with its own document, key, block source and time, where nothing else is given. */
export function verifySample(
  sample: SampleProof,
  { blockSources = [sample.blockSource], evmSources = [], ...input }: Given = {},
): Promise<Verification> {
  return verifyProof({
    proof: sample.text,
    digests: sample.digests,
    trustedKeys: [sample.key],
    sources: { bitcoin: blockSources, evm: evmSources },
    now: sample.now,
    ...input,
  });
}

/** The outcome of each check; of the last finding where a check has several. */
export function outcomesOf({ findings }: Verification): Record<string, string> {
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

/** The first finding of a check. */
export function findingOf<Check extends CheckName>(
  { findings }: Verification,
  check: Check,
): FindingOf<Check> | undefined {
  return findings.find((finding): finding is FindingOf<Check> => finding.check === check);
}
