import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import type { EvmAttestation } from '#evm/attestation.js';
import { SAMPLE_GENESIS, sampleEvmBlock, type SampleEvmOptions } from '#evm/testing/sample-chain.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import type { Proof } from '../proof.js';
import { sampleProof, type SampleProof } from './sample-proof.js';
import { type Change, evmSource, type VectorCase, vector } from './vector-case.js';

const sample = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm'] }] });
const HEIGHT = sample.evmBlocks[0]!.number;

/** The root that the attestations are about, and the first bytes of a call of some function. */
const ROOT = parseCheckpoint(parseNote(sample.proof.log.checkpoints[0]!.note).text).root;
const SELECTOR = hexToBytes('eecdf927');

/** The proof with other members in its first attestation. */
function changed(members: Record<string, unknown>, from: SampleProof = sample): Proof {
  const proof = structuredClone(from.proof);
  Object.assign(proof.log.checkpoints[0]!.attestations[0]!, members);
  return proof;
}

/** The proof with the attestation of another block around its root, and what serves that block. */
function inBlock(options: SampleEvmOptions, root = ROOT): { proof: Proof; hash: string; change: Change } {
  const block = sampleEvmBlock(root, { number: HEIGHT, ...options });
  const proof = changed({ ...block.attestation });
  const { chainId = 31_337 } = options;
  const change = { proof, blockSources: [], evmSources: [{ ...evmSource([block]), chainId }] };
  return { proof, hash: block.hash, change };
}

const attestation = sample.proof.log.checkpoints[0]!.attestations[0]! as EvmAttestation & { type: 'evm' };
const source = evmSource(sample.evmBlocks);
const given = (...evmSources: (typeof source)[]): Change => ({ blockSources: [], evmSources });
const elsewhere = { ...source, name: 'elsewhere', chainId: 1 };
const twin = { ...source, name: 'twin', genesis: 'ab'.repeat(32) };
const liar = { ...source, name: 'liar', blocks: { [HEIGHT]: 'cd'.repeat(32) } };
const behind = { ...source, name: 'behind', blocks: {} };

/** Proofs with attestations by EVM chains: holding, open, forged. */
export function evmCases(): VectorCase[] {
  const unavailable = { checks: { anchor: 'unavailable' } } as const;
  const failed = { checks: { anchor: 'failed' } } as const;
  const both = sampleProof({ checkpoints: [{ size: 5, attestations: ['evm', 'bitcoin', 'pending', 'evm'] }] });
  const beacon = sampleProof({
    checkpoints: [{ size: 5, attestations: ['evm'] }],
    beacon: `evm-31337 ${HEIGHT - 2} ${'0d'.repeat(32)}`,
  });
  const seen = evmSource(beacon.evmBlocks, { extra: { [HEIGHT - 2]: '0d'.repeat(32) } });
  const orphan = evmSource(beacon.evmBlocks, { extra: { [HEIGHT - 2]: '0e'.repeat(32) } });
  const holds = (about: string, options: SampleEvmOptions) =>
    vector(about, sample, 'authentic', inBlock(options).change);
  const forged = (about: string, change: Change) =>
    vector(about, sample, 'mismatch', { ...given(source), ...change, ...failed });
  const header = base64.decode(attestation.header);
  const other = inBlock({ index: 2 }).proof.log.checkpoints[0]!.attestations[0] as EvmAttestation;
  return [
    vector('a transaction in a block, beside two others', sample, 'authentic', given(source)),
    holds('the only transaction of its block', { transactions: 1 }),
    holds('transaction 128 of 129', { transactions: 129, index: 128 }),
    holds('a legacy transaction', { type: 0 }),
    holds('a transaction with an access list', { type: 1 }),
    holds('a transaction with blobs', { type: 3 }),
    holds('a transaction with authorizations', { type: 4 }),
    holds('a header without any later field', { laterFields: [] }),
    holds('a header with fields of forks to come', {
      laterFields: Array.from({ length: 17 }, () => new Uint8Array(32)),
    }),
    holds('a block time in milliseconds', { timestamp: 1_772_355_600_123 }),
    holds('a chain that nobody knows', { chainId: 4711 }),
    vector('two sources', sample, 'authentic', given(source, { ...source, name: 'other' })),
    vector('a source without that block beside one with it', sample, 'authentic', given(behind, source)),
    vector('sources of other chains beside the right one', sample, 'authentic', given(elsewhere, twin, source)),
    vector('attestations by two chains, and a promise', both, 'authentic', {
      checks: { anchor: ['passed', 'passed', 'pending', 'passed'] },
    }),
    vector('no source for the chain', both, 'authentic', {
      evmSources: [],
      checks: { anchor: ['unavailable', 'passed', 'pending', 'unavailable'] },
    }),
    vector('a beacon in an EVM chain', beacon, 'authentic', { ...given(seen), checks: { beacon: 'passed' } }),
    vector('a beacon that was replaced', beacon, 'authentic', { ...given(orphan), checks: { beacon: 'failed' } }),
    vector('a beacon that sources disagree on', beacon, 'authentic', {
      ...given(seen, orphan),
      checks: { beacon: 'unavailable' },
    }),
    vector('a beacon in a chain without source', beacon, 'unavailable', {
      ...given(elsewhere),
      checks: { anchor: 'unavailable', beacon: 'unavailable' },
    }),
    vector('no source at all', sample, 'unavailable', { ...given(), ...unavailable }),
    vector('only a source without that block', sample, 'unavailable', { ...given(behind), ...unavailable }),
    vector('only sources of other chains', sample, 'unavailable', { ...given(elsewhere, twin), ...unavailable }),
    vector('sources that contradict each other', sample, 'unavailable', { ...given(source, liar), ...unavailable }),
    vector('another block 0 than the chain has', sample, 'unavailable', {
      ...given(source),
      proof: changed({ genesis: 'ef'.repeat(32) }),
      ...unavailable,
    }),
    forged('another block stands in its place', given(liar)),
    forged('a transaction that carries another root', inBlock({}, new Uint8Array(32).fill(9)).change),
    forged('a transaction that carries a byte more', inBlock({ input: new Uint8Array(33) }).change),
    forged('a transaction that carries nothing', inBlock({ input: new Uint8Array() }).change),
    forged('the root as the argument of a function', inBlock({ input: concatBytes(SELECTOR, ROOT) }).change),
    forged('a transaction that creates a contract', inBlock({ to: null }).change),
    forged('a transaction of another chain', { proof: changed({ chainId: 4711 }) }),
    forged('the hash of another block', { proof: changed({ block: 'cd'.repeat(32) }) }),
    forged('a header with another time', {
      proof: changed({ header: base64.encode(header.with(header.length - 250, header[header.length - 250]! ^ 1)) }),
    }),
    forged('a header with a field of another length', inBlock({ laterFields: [[]] }).change),
    forged(
      '33 fields in a header',
      inBlock({ laterFields: Array.from({ length: 18 }, () => new Uint8Array(1).fill(1)) }).change,
    ),
    forged('the index of another transaction', { proof: changed({ index: 2 }) }),
    forged('another transaction than at that index', { proof: changed({ transaction: other.transaction }) }),
    forged('the path of another transaction', { proof: changed({ path: other.path }) }),
    forged('a node too many', { proof: changed({ path: [...attestation.path, attestation.path[0]!] }) }),
    forged('a node too few', { proof: changed({ path: attestation.path.slice(0, -1) }) }),
    forged('an empty header', { proof: changed({ header: '' }) }),
    forged('an attestation made for another checkpoint', {
      proof: changed({ ...sampleEvmBlock(new Uint8Array(32), { number: HEIGHT }).attestation }),
    }),
  ];
}

/** Proofs whose attestation by an EVM chain is none. */
export function malformedEvmCases(): VectorCase[] {
  const members: Record<string, Record<string, unknown>> = {
    'an unknown member': { number: HEIGHT },
    'a timestamp member': { timestamp: '' },
    'chain 0': { chainId: 0 },
    'a chain of 2^53': { chainId: 2 ** 53 },
    'a chain as text': { chainId: '31337' },
    'a negative index': { index: -1 },
    'an index of 2^32': { index: 2 ** 32 },
    'half an index': { index: 0.5 },
    'a block hash in upper case': { block: attestation.block.toUpperCase() },
    'a block hash with 0x': { block: `0x${attestation.block.slice(2)}` },
    'a short genesis': { genesis: SAMPLE_GENESIS.slice(2) },
    'a header in base64url': {
      header: attestation.header.replaceAll('/', '_').replaceAll('+', '-').replace(/^./, '-'),
    },
    'a header in hex': { header: `${bytesToHex(base64.decode(attestation.header))}0` },
    'a header beyond its bound': { header: base64.encode(new Uint8Array(16_387)) },
    'a transaction that is null': { transaction: null },
    'a transaction beyond its bound': { transaction: base64.encode(new Uint8Array(16_387)) },
    'no node': { path: [] },
    'a path that is text': { path: attestation.path[0] },
    '13 nodes': { path: Array.from({ length: 13 }, () => attestation.path[0]) },
    'a node that is a number': { path: [1] },
    'a node beyond its bound': { path: [base64.encode(new Uint8Array(16_451))] },
  };
  const cases = Object.entries(members).map(([about, change]) =>
    vector(`EVM: ${about}`, sample, 'unreadable', { ...given(source), proof: JSON.stringify(changed(change)) }),
  );
  for (const name of Object.keys(attestation)) {
    const proof = changed({});
    delete (proof.log.checkpoints[0]!.attestations[0] as unknown as Record<string, unknown>)[name];
    cases.push(
      vector(`EVM: without ${name}`, sample, 'unreadable', { ...given(source), proof: JSON.stringify(proof) }),
    );
  }
  return cases;
}
