import { serializeTimestamp } from '#ots/codec.js';
import { HEXLIFY, KECCAK256, REVERSE, RIPEMD160, SHA1 } from '#ots/testing/operations.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { type Proof } from '../proof.js';
import { sampleBlock, type SampleBlock } from './sample-block.js';
import { sampleProof, type SampleOptions } from './sample-proof.js';
import { source, vector, type VectorCase } from './vector-case.js';
import { withTimestamp } from './other-timestamp.js';
import { cosignedCases } from './signed-note-cases.js';

const sample = sampleProof();
const blinded = sampleProof({ blinded: true, algorithms: ['sha256', 'sm3'] });

/** A block whose attestation goes through every operation that there is. */
function everyOperation(): { proof: Proof; block: SampleBlock } {
  let block: SampleBlock | undefined;
  const proof = withTimestamp(sample, (root) => {
    const path = pathFrom(root).apply(SHA1, HEXLIFY, KECCAK256, REVERSE, RIPEMD160).prepend(Uint8Array.of(7)).sha256();
    block = sampleBlock(120, path.message, 1_772_355_600);
    return serializeTimestamp(path.end([{ type: 'bitcoin', height: 120 }]));
  });
  return { proof, block: block! };
}

/** Proofs that hold. */
export function holdingCases(): VectorCase[] {
  const shape = (about: string, options: SampleOptions) => vector(about, sampleProof(options), 'authentic');
  const at = (size: number) => [{ size, attestations: ['bitcoin' as const] }];
  const { proof, block } = everyOperation();
  const late = sampleProof({
    checkpoints: [
      { size: 3, attestations: [] },
      { size: 6, attestations: ['pending', 'bitcoin'] },
      { size: 9, attestations: ['bitcoin'] },
    ],
  });
  const lateChecks = {
    'log-inclusion': ['passed', 'passed', 'passed'],
    'log-checkpoint': ['passed', 'passed', 'passed'],
    anchor: ['pending', 'passed', 'passed'],
  } as const;
  const pretty = `\n${JSON.stringify(sample.proof, null, 2)}\n`;
  const everything = sampleProof({
    algorithms: ['sha256', 'sha512', 'sha3-256', 'sm3'],
    beacon: `bitcoin 940000 ${'0f'.repeat(32)}`,
    statement: {
      reference: '证照 2026/4711 "B"',
      claims: {
        '€': [1.5, -1e-7, 0.000001, 123456789012.25, 9007199254740991],
        '😀': null,
        '\ufb33': { deep: [true, false, {}] },
        a: '\u001f\u2028',
      },
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2026-12-31T23:59:59.999Z',
      supersedes: '019ca868-447b-7000-8000-000000000000',
      provenance: { sha256: '11'.repeat(32) },
      agencySignature: { key: 'key-1', alg: 'EdDSA', value: 'A'.repeat(86) },
    },
  });
  return [
    vector('one record of three, batch 2 of a log of 5, one Bitcoin attestation', sample, 'authentic'),
    shape('the only record of the only batch: no path at all', {
      batchSize: 1,
      index: 0,
      batchNumber: 0,
      checkpoints: at(1),
    }),
    shape('the last of an odd number of records', { batchSize: 7, index: 6, batchNumber: 4, checkpoints: at(5) }),
    shape('the first of 1000 records in the first of 1000 batches', {
      batchSize: 1000,
      index: 0,
      batchNumber: 0,
      checkpoints: at(1000),
    }),
    shape('record 999 of 1000', { batchSize: 1000, index: 999, batchNumber: 511, checkpoints: at(513) }),
    vector('blinded SHA-256 and SM3', blinded, 'authentic'),
    vector('every member of a statement', everything, 'authentic', {
      checks: {
        beacon: 'unavailable',
        validity: 'passed',
        'agency-signature': 'unavailable',
        authorisation: 'unavailable',
      },
    }),
    vector('three checkpoints, the first not anchored', late, 'authentic', {
      checks: Object.fromEntries(Object.entries(lateChecks).map(([code, list]) => [code, [...list]])),
    }),
    vector('white space and another order of members', sample, 'authentic', { proof: pretty }),
    vector('an attestation through every operation of OpenTimestamps', sample, 'authentic', {
      proof,
      blockSources: [source([block])],
    }),
    ...cosignedCases(),
    vector('no document', sample, 'authentic', { digests: {}, checks: { document: 'not-applicable' } }),
    vector('no trusted key', sample, 'authentic', { trustedKeys: [], checks: { 'log-key': 'not-applicable' } }),
    vector('one source down, another not', sample, 'authentic', { blockSources: [source([]), source(sample.blocks)] }),
  ];
}
