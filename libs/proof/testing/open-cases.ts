import { bytesToHex } from '@noble/hashes/utils.js';
import type { Attestation } from '#ots/attestation.js';
import type { Outcome } from '../finding.js';
import { sampleBlock, type SampleBlock } from './sample-block.js';
import { sampleProof } from './sample-proof.js';
import { source, vector, type VectorCase } from './vector-case.js';
import { ending, withTimestamp } from './other-timestamp.js';

const sample = sampleProof();
const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3'] });

/** Proofs that hold as far as they can be checked. */
export function openCases(): VectorCase[] {
  const promised = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
  const none = sampleProof({ checkpoints: [{ size: 5, attestations: [] }] });
  const expired = sampleProof({ statement: { validUntil: '2026-03-31T23:59:59.999Z' } });
  const future = sampleProof({ statement: { validFrom: '2026-04-01T00:00:00.001Z' } });
  const { salt: _, ...unsalted } = blinded.proof;
  const lie = sampleBlock(120, new Uint8Array(32).fill(7), 1_772_355_600);
  const notCurrent = { checks: { validity: 'failed' } } as const;
  const unseen = { checks: { anchor: 'unavailable' } } as const;
  const sm3 = sampleProof({ algorithms: ['sm3'] });
  return [
    vector('a promise of a calendar', promised, 'pending', { checks: { anchor: 'pending' } }),
    vector('no attestation yet', none, 'pending', { checks: { anchor: 'pending' } }),
    vector(
      'a promise, and expired',
      sampleProof({
        checkpoints: [{ size: 5, attestations: ['pending'] }],
        statement: { validUntil: '2026-03-31T23:59:59.999Z' },
      }),
      'authentic-not-current',
      { checks: { anchor: 'pending', validity: 'failed' } },
    ),
    vector('expired a millisecond ago', expired, 'authentic-not-current', notCurrent),
    vector('valid in a millisecond', future, 'authentic-not-current', notCurrent),
    vector('no block source', sample, 'unavailable', { blockSources: [], ...unseen }),
    vector('a source without that block', sample, 'unavailable', { blockSources: [source([])], ...unseen }),
    vector('sources that contradict each other', sample, 'unavailable', {
      blockSources: [source(sample.blocks), source([lie], 'liar')],
      ...unseen,
    }),
    vector('sources that show the attested Merkle root in blocks of different times', sample, 'unavailable', {
      blockSources: [
        source(sample.blocks),
        source([sampleBlock(120, sample.blocks[0]!.header.slice(36, 68), 1_700_000_000)], 'liar'),
      ],
      ...unseen,
    }),
    vector('a source that says main chain and shows regtest work', sample, 'unavailable', {
      blockSources: [source(sample.blocks, 'liar', 'mainnet')],
      ...unseen,
    }),
    vector('two sources that show different wrong blocks', sample, 'unavailable', {
      blockSources: [
        source([lie], 'liar'),
        source([sampleBlock(120, new Uint8Array(32).fill(8), 1_772_355_600)], 'other'),
      ],
      ...unseen,
    }),
    vector('a source that does not say which network it serves', sample, 'unavailable', {
      blockSources: [source(sample.blocks, 'bare', 'unknown')],
      ...unseen,
    }),
    vector('an attestation by Litecoin', sample, 'unavailable', {
      proof: withTimestamp(sample, ending([{ type: 'litecoin', height: 120 }])),
      ...unseen,
    }),
    vector('an attestation with a tag that nobody knows', sample, 'unavailable', {
      proof: withTimestamp(sample, ending([{ type: 'unknown', tag: new Uint8Array(8), payload: Uint8Array.of(1) }])),
      ...unseen,
    }),
    vector('an attestation of a type that nobody knows', sample, 'unavailable', {
      proof: JSON.stringify(withAttestations([{ type: 'carrier-pigeon', ring: ['\u00e9', { n: 1 }] }])),
      ...unseen,
    }),
    vector('an attestation of a type that nobody knows beside one that holds', sample, 'authentic', {
      proof: JSON.stringify(
        withAttestations([...sample.proof.log.checkpoints[0]!.attestations, { type: 'carrier-pigeon' }]),
      ),
      checks: { anchor: ['passed', 'unavailable'] },
    }),
    vector('a header of 79 bytes', sample, 'unavailable', {
      blockSources: [source([{ height: 120, header: sample.blocks[0]!.header.slice(1) }])],
      ...unseen,
    }),
    vector('blinded, and the salt is lost', blinded, 'unavailable', {
      proof: unsalted,
      checks: { document: 'unavailable' },
    }),
    vector('a document hashed by an algorithm that was not recorded', sm3, 'unavailable', {
      digests: { sha256: bytesToHex(sample.digests.sha256!) },
      checks: { document: 'unavailable' },
    }),
    vector('66 attestations by blocks, of which 64 are looked up', sample, 'unavailable', {
      proof: withTimestamp(
        sample,
        ending(Array.from({ length: 66 }, (_, i): Attestation => ({ type: 'bitcoin', height: 1000 + i }))),
      ),
      checks: { anchor: [...Array.from({ length: 64 }, (): Outcome => 'unavailable'), 'unavailable'] },
    }),
    ...severalAnchors(lie),
  ];
}

/** The sample with these attestations, written as they are. */
function withAttestations(attestations: readonly object[]): object {
  const { log, ...rest } = sample.proof;
  return { ...rest, log: { ...log, checkpoints: [{ ...log.checkpoints[0]!, attestations }] } };
}

function severalAnchors(lie: SampleBlock): VectorCase[] {
  const two = sampleProof({ checkpoints: [{ size: 5, attestations: ['bitcoin', 'bitcoin', 'pending'] }] });
  const [first, second] = two.blocks as [SampleBlock, SampleBlock];
  const other = sampleBlock(121, new Uint8Array(32).fill(7), 1_772_355_600);
  const about = (what: string) => `two Bitcoin attestations and a promise: ${what}`;
  const anchors = (...anchor: Outcome[]) => ({ checks: { anchor } });
  return [
    vector(about('one bad, one good'), two, 'authentic', {
      blockSources: [source([lie, second])],
      ...anchors('failed', 'passed', 'pending'),
    }),
    vector(about('one good, one not to be had'), two, 'authentic', {
      blockSources: [source([first])],
      ...anchors('passed', 'unavailable', 'pending'),
    }),
    vector(about('one bad, one not to be had'), two, 'unavailable', {
      blockSources: [source([lie])],
      ...anchors('failed', 'unavailable', 'pending'),
    }),
    vector(about('both bad'), two, 'mismatch', {
      blockSources: [source([lie, other])],
      ...anchors('failed', 'failed', 'pending'),
    }),
  ];
}
