import { bytesToHex } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { displayHash } from '#bitcoin/block-hash.js';
import { equalHashes } from '#merkle/hash.js';
import type { Attestation } from '#ots/attestation.js';
import { parseTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { listAttestations, type AttestationAt } from '#ots/visit.js';
import { formatTime } from '#statement/time.js';
import { type AnchorCheck, failed, unavailable } from './anchor-check.js';
import { type OpenTimestampsAttestation, PROOF_MAX_TIMESTAMP_BYTES } from './attestation.js';
import type { AskBlock, BlockAnswer } from './block-answers.js';

/** Blocks, the attesting one included, after which a Bitcoin block counts as final. */
const BITCOIN_FINAL_BLOCKS = 6;

/** How sentences name the chains whose bare name does not say it. */
const CHAIN_NAMES: ReadonlyMap<string, string> = new Map([
  ['mainnet', 'Bitcoin'],
  ['unknown', 'an unnamed chain'],
]);

/** Checks what an OpenTimestamps timestamp holds about a checkpoint: one answer for each of its attestations, every one tried.
 * `mayAsk` is consulted before each question to the sources; where it refuses there is no answer. */
export function checkTimestamp(
  { timestamp }: OpenTimestampsAttestation,
  { size, root }: { size: number; root: Uint8Array },
  askBlock: AskBlock,
  mayAsk: () => boolean,
): Promise<AnchorCheck>[] {
  const found = readTimestamp(base64.decode(timestamp), root);
  if (typeof found === 'string') {
    return [Promise.resolve(failed(found, { reason: 'bad-timestamp', checkpointSize: size }))];
  }
  return found.flatMap((at) =>
    at.attestation.type !== 'bitcoin' || mayAsk() ? [checkAttestation(at, size, askBlock)] : [],
  );
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

/** One attestation of a timestamp. */
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
  const problem = answers
    .flatMap((answer) => (answer.kind === 'problem' ? [`${answer.source}: ${answer.problem}`] : []))
    .join('; ');
  const aside = problem === '' ? '' : ` Not heard: ${problem}.`;
  const facts = problem === '' ? data : { ...data, problem };

  const [first] = same;
  const [wrong] = other;
  if (first === undefined) {
    if (wrong !== undefined) {
      const got = displayHash(wrong.header.merkleRoot);
      const message = `The attestation does not hold: block ${height} of ${wrong.network} has Merkle root ${got} (${names(other)}), the attestation leads to ${merkleRoot}.${aside}`;
      return failed(message, { reason: 'other-root', ...facts, got, network: wrong.network, source: names(other) });
    }
    if (answers.length === 0) {
      const message = `Attested by Bitcoin block ${height}, not checked, since no source of block headers was given; ${byHand}.`;
      return unavailable(message, { reason: 'no-source', ...data });
    }
    const message = `Attested by Bitcoin block ${height}, not checked, since no source showed that block (${problem}); ${byHand}.`;
    return unavailable(message, { reason: 'no-answer', ...facts });
  }
  if (wrong !== undefined) {
    const message = `The sources contradict each other: ${names(same)} shows the attested Merkle root in block ${height}, ${names(other)} another; ${byHand}.${aside}`;
    return unavailable(message, { reason: 'sources-disagree', ...facts });
  }
  const networks = [...new Set(same.map((answer) => answer.network).filter((name) => name !== 'unknown'))];
  // A root can be put into a header of any time: only one and the same header tells one time.
  if (networks.length > 1 || same.some(({ header }) => !equalHashes(header.hash, first.header.hash))) {
    const shownBy = same.map((answer) => `${answer.source} ${displayHash(answer.header.hash)} of ${answer.network}`);
    const message = `The sources contradict each other: each shows a block ${height} with the attested Merkle root, but not the same one (${shownBy.join(', ')}); ${byHand}.${aside}`;
    return unavailable(message, { reason: 'sources-disagree', ...facts });
  }
  const { header } = first;
  const network = networks[0] ?? 'unknown';
  const time = formatTime(header.time * 1000);
  const hash = displayHash(header.hash);
  const sources = names(same);
  const depths = same.flatMap(({ tip }) => (tip === null ? [] : [Math.max(1, tip - height + 1)]));
  const depth = depths.length === 0 ? null : Math.min(...depths);
  const finality = depth === null ? 'unknown' : depth >= BITCOIN_FINAL_BLOCKS ? 'final' : 'confirmed';
  const shallow = finality === 'confirmed' ? ` Not final yet: ${depth} of ${BITCOIN_FINAL_BLOCKS} blocks.` : '';
  const message = `The checkpoint of size ${data.checkpointSize} existed no later than ${time} (block ${height} of ${CHAIN_NAMES.get(network) ?? network}, ${hash}, shown by ${sources}).${shallow}${aside}${networkWarning(network)}`;
  const found = { ...facts, time, hash, network, source: sources, finality, ...(depth === null ? {} : { depth }) };
  return {
    check: { code: 'anchor', status: 'passed', message, data: found },
    bound: {
      type: 'bitcoin',
      time,
      checkpointSize: data.checkpointSize,
      finality,
      place: network,
      test: network !== 'mainnet',
      known: network !== 'unknown',
      sources,
      height,
      hash,
    },
  };
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
