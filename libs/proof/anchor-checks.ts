import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { displayHash } from '#bitcoin/block-hash.js';
import type { BlockSource } from '#bitcoin/block-source.js';
import { equalHashes } from '#merkle/hash.js';
import type { Attestation } from '#ots/attestation.js';
import { parseTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { listAttestations, type AttestationAt } from '#ots/visit.js';
import { formatTime } from '#statement/time.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { askBlocksOf, type AskBlock, type BlockAnswer } from './block-answers.js';
import { PROOF_MAX_TIMESTAMP_BYTES, type Proof } from './proof.js';
import type { Check } from './verdict.js';

/** A Bitcoin block that proves a checkpoint's root existed. */
export interface AnchorBlock {
  /** The block's own time: the root existed no later than this, give or take the two hours that miners may be wrong. */
  time: string;
  height: number;
  /** Block hash as explorers show it. */
  hash: string;
  /** Size of the checkpoint that is anchored. */
  checkpointSize: number;
  /** Chain that the header source says it serves. */
  network: string;
  /** Names of the sources that showed the block. */
  sources: string;
}

/** An anchor check, with the block when it passed. */
export interface AnchorCheck {
  check: Check;
  block?: AnchorBlock;
}

/** How sentences name the chains whose bare name does not say it. */
const CHAIN_NAMES: ReadonlyMap<string, string> = new Map([
  ['mainnet', 'Bitcoin'],
  ['unknown', 'an unnamed chain'],
]);

/** Most Bitcoin attestations of one proof that are tried: each may cost a question to every source. */
export const MAX_BLOCK_QUESTIONS = 64;

/** One check for each attestation of the proof, or one that says there is none yet. Every attestation is tried. */
export async function checkAnchors(proof: Proof, sources: readonly BlockSource[]): Promise<AnchorCheck[]> {
  const askBlock = askBlocksOf(sources);
  const checks: Promise<AnchorCheck>[] = [];
  let questions = 0;
  for (const { note, attestations } of proof.log.checkpoints) {
    const { size, root } = parseCheckpoint(parseNote(note).text);
    for (const { timestamp } of attestations) {
      const found = readTimestamp(base64.decode(timestamp), root);
      if (typeof found === 'string') {
        checks.push(Promise.resolve(failed(found, { reason: 'bad-timestamp', checkpointSize: size })));
        continue;
      }
      for (const at of found) {
        if (at.attestation.type === 'bitcoin' && ++questions > MAX_BLOCK_QUESTIONS) {
          const message = `Not tried: the proof holds more than ${MAX_BLOCK_QUESTIONS} Bitcoin attestations.`;
          checks.push(Promise.resolve(failed(message, { reason: 'too-many', checkpointSize: size })));
        } else {
          checks.push(checkAttestation(at, size, askBlock));
        }
      }
    }
  }
  if (checks.length > 0) return Promise.all(checks);
  const message = 'The checkpoint has not been submitted to any anchor yet, as far as this proof knows.';
  return [{ check: { code: 'anchor', status: 'pending', message, data: { reason: 'not-submitted' } } }];
}

/** The attestations of a timestamp, or a sentence that says why it cannot be used. */
function readTimestamp(bytes: Uint8Array, root: Uint8Array): AttestationAt[] | string {
  if (bytes.length > PROOF_MAX_TIMESTAMP_BYTES) {
    return `The OpenTimestamps attestation is too long: expected at most ${PROOF_MAX_TIMESTAMP_BYTES} bytes, got ${bytes.length}.`;
  }
  try {
    return listAttestations(parseTimestamp(bytes, root, { canonical: true }));
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    return `The OpenTimestamps attestation cannot be read: ${error.message}.`;
  }
}

async function checkAttestation(
  { attestation, message }: AttestationAt,
  checkpointSize: number,
  askBlock: AskBlock,
): Promise<AnchorCheck> {
  if (attestation.type === 'pending') {
    const sentence = `Waiting for Bitcoin: the calendar ${attestation.uri} promised to anchor the checkpoint of size ${checkpointSize}.`;
    const data = { reason: 'promised', type: 'pending', calendar: attestation.uri, checkpointSize };
    return { check: { code: 'anchor', status: 'pending', message: sentence, data } };
  }
  if (attestation.type !== 'bitcoin') return unsupported(attestation, checkpointSize);
  const { height } = attestation;
  const data = { type: 'bitcoin', height, checkpointSize };
  if (message.length !== 32) {
    const sentence = `The attestation by Bitcoin block ${height} is malformed: expected a Merkle root of 32 bytes, got ${message.length}.`;
    return failed(sentence, { reason: 'bad-root', ...data });
  }
  const merkleRoot = displayHash(message);
  return judge(await askBlock(height), message, { ...data, merkleRoot });
}

interface Expected {
  [name: string]: string | number;
  height: number;
  merkleRoot: string;
  checkpointSize: number;
}

/** Weighs what the sources answered about the block that an attestation names. */
function judge(answers: readonly BlockAnswer[], root: Uint8Array, data: Expected): AnchorCheck {
  const { height, merkleRoot } = data;
  const byHand = `to check by hand, compare the Merkle root of Bitcoin block ${height}, which must be ${merkleRoot}`;
  const shown = answers.filter((answer) => answer.kind === 'header');
  const same = shown.filter(({ header }) => equalHashes(header.merkleRoot, root));
  const other = shown.filter(({ header }) => !equalHashes(header.merkleRoot, root));
  const names = (list: readonly { source: string }[]) => list.map(({ source }) => source).join(', ');

  const [first] = same;
  if (first === undefined || other.length > 0) {
    if (first !== undefined) {
      const message = `The sources contradict each other: ${names(same)} shows the attested Merkle root in block ${height}, ${names(other)} another; ${byHand}.`;
      return unavailable(message, { reason: 'sources-disagree', ...data });
    }
    const [wrong] = other;
    if (wrong !== undefined) {
      const got = displayHash(wrong.header.merkleRoot);
      const message = `The attestation does not hold: block ${height} of ${wrong.network} has Merkle root ${got} (${names(other)}), the attestation leads to ${merkleRoot}.`;
      return failed(message, { reason: 'other-root', ...data, got, network: wrong.network, source: names(other) });
    }
    if (answers.length === 0) {
      const message = `Attested by Bitcoin block ${height}, not checked, since no source of block headers was given; ${byHand}.`;
      return unavailable(message, { reason: 'no-source', ...data });
    }
    const why = answers.map((answer) => (answer.kind === 'header' ? '' : `${answer.source}: ${answer.problem}`));
    const message = `Attested by Bitcoin block ${height}, not checked, since no source showed that block (${why.join('; ')}); ${byHand}.`;
    return unavailable(message, { reason: 'no-answer', ...data, problem: why.join('; ') });
  }
  const { header, network } = first;
  const time = formatTime(header.time * 1000);
  const hash = displayHash(header.hash);
  const block = { time, height, hash, checkpointSize: data.checkpointSize, network, sources: names(same) };
  const warning = networkWarning(network);
  const message = `The checkpoint of size ${data.checkpointSize} existed no later than ${time} (block ${height} of ${CHAIN_NAMES.get(network) ?? network}, ${hash}, shown by ${block.sources}).${warning}`;
  const check: Check = {
    code: 'anchor',
    status: 'passed',
    message,
    data: { ...data, time, hash, network, source: block.sources },
  };
  return { check, block };
}

function networkWarning(network: string): string {
  if (network === 'mainnet') return '';
  if (network === 'unknown') return ' Attention: the source does not say which chain it serves.';
  return ` Attention: this chain is ${network}, not Bitcoin's main chain, so it proves nothing outside a test.`;
}

function unsupported(attestation: Exclude<Attestation, { type: 'pending' }>, checkpointSize: number): AnchorCheck {
  const type = attestation.type === 'unknown' ? `unknown ${bytesToHex(attestation.tag)}` : attestation.type;
  const message = `Expected attestations of type bitcoin or pending only, got ${type}: nothing here can check it.`;
  return failed(message, { reason: 'unsupported-type', type, checkpointSize });
}

function failed(message: string, data: Record<string, string | number>): AnchorCheck {
  return { check: { code: 'anchor', status: 'failed', message, data } };
}

function unavailable(message: string, data: Record<string, string | number>): AnchorCheck {
  return { check: { code: 'anchor', status: 'unavailable', message, data } };
}
