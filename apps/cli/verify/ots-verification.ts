import { bytesToHex } from '@noble/hashes/utils.js';
import { checkBitcoinAttestation } from '#bitcoin/bitcoin-attestation.js';
import { displayHash } from '#bitcoin/block-hash.js';
import type { BlockSource } from '#bitcoin/block-source.js';
import { parseDetachedFile } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import { type AttestationAt, listAttestations } from '#ots/visit.js';
import { type Check, type Verdict, verdictOf } from '#proof/verdict.js';
import { formatTime } from '#statement/time.js';

/** Hash functions that a detached OpenTimestamps file can start from. */
export type OtsHash = ReturnType<typeof parseDetachedFile>['hash'];

/** What verifying a detached OpenTimestamps file gives. */
export interface OtsVerification {
  verdict: Verdict;
  checks: Check[];
}

/** Most Bitcoin attestations that are tried: each may cost a question to every source. */
const MAX_BLOCK_QUESTIONS = 64;

/** The hash that an `.ots` file starts from, or a failed check when the bytes are no such file. */
export function readOtsFile(
  bytes: Uint8Array,
): { hash: OtsHash; digest: Uint8Array; attestations: AttestationAt[] } | Check {
  try {
    const { hash, digest, timestamp } = parseDetachedFile(bytes);
    return { hash, digest, attestations: listAttestations(timestamp) };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    const message = `This is not an OpenTimestamps file that can be read: ${error.message}.`;
    return { code: 'format', status: 'failed', message, data: { reason: error.code } };
  }
}

/**
 * Verifies a detached OpenTimestamps file alone: the document's digest against the file's, every attestation against the sources.
 * It says nothing about who recorded the document or under which terms; that only a Sealroot proof says.
 */
export async function verifyOtsFile(
  file: { hash: OtsHash; digest: Uint8Array; attestations: AttestationAt[] },
  documentDigest: Uint8Array | undefined,
  sources: readonly BlockSource[],
): Promise<OtsVerification> {
  const checks: Check[] = [
    { code: 'format', status: 'passed', message: 'The proof is a well-formed OpenTimestamps file.' },
    checkDocument(file, documentDigest),
  ];
  let questions = 0;
  const tried = file.attestations.filter(
    ({ attestation }) => attestation.type !== 'bitcoin' || ++questions <= MAX_BLOCK_QUESTIONS,
  );
  checks.push(...(await Promise.all(tried.map((at) => checkAttestation(at, sources)))));
  const untried = file.attestations.length - tried.length;
  if (untried > 0) {
    const message = `Not tried: the file holds ${untried} more Bitcoin attestations than the ${MAX_BLOCK_QUESTIONS} that are looked up.`;
    checks.push(anchor('failed', message, { reason: 'too-many', count: untried }));
  }
  return { verdict: verdictOf(checks), checks };
}

function checkDocument(
  { hash, digest }: { hash: string; digest: Uint8Array },
  documentDigest: Uint8Array | undefined,
): Check {
  const recorded = bytesToHex(digest);
  if (documentDigest === undefined) {
    const message = `The file timestamps a ${hash} digest, and the document was given by another: give the document itself.`;
    return { code: 'document', status: 'unavailable', message, data: { algorithm: hash, recorded } };
  }
  const hex = bytesToHex(documentDigest);
  const data = { algorithm: hash, digest: hex, recorded };
  if (hex === recorded)
    return { code: 'document', status: 'passed', message: `The document has the timestamped ${hash}.`, data };
  const message = `This is not the timestamped document: its ${hash} is ${hex}, the timestamped one is ${recorded}.`;
  return { code: 'document', status: 'failed', message, data };
}

async function checkAttestation(
  { attestation, message }: AttestationAt,
  sources: readonly BlockSource[],
): Promise<Check> {
  if (attestation.type === 'pending')
    return anchor('pending', `Waiting for Bitcoin: the calendar ${attestation.uri} promised to anchor it.`, {
      calendar: attestation.uri,
    });
  if (attestation.type !== 'bitcoin') {
    const type = attestation.type === 'unknown' ? `unknown ${bytesToHex(attestation.tag)}` : attestation.type;
    return anchor('unavailable', `Not checked: nothing here can check an attestation of type ${type}.`, { type });
  }
  const { height } = attestation;
  const check = await checkBitcoinAttestation({ message, height, sources });
  const { blockHash, network = 'unknown' } = check;
  const data = { type: 'bitcoin', height, merkleRoot: displayHash(message) };
  if (check.status === 'passed') {
    const time = formatTime(check.time! * 1000);
    const names = check.notes.filter(({ outcome }) => outcome === 'matches').map(({ source }) => source);
    const text = `The document existed no later than ${time} (block ${height} of ${network}, ${blockHash}, shown by ${names.join(', ')}).`;
    return anchor('passed', text, { ...data, time, hash: blockHash!, network, source: names.join(', ') });
  }
  const reasons = check.notes.filter(({ outcome }) => outcome !== 'matches').map((note) => note.message);
  return anchor(check.status, [check.message, ...reasons].join(' '), { ...data, reason: check.finding });
}

function anchor(status: Check['status'], message: string, data: Record<string, string | number>): Check {
  return { code: 'anchor', status, message, data };
}
