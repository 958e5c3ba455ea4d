import { createHash } from 'node:crypto';

/** One step from a message to the next. A list of steps is an OpenTimestamps path without branches.
 *
 * This calendar writes its answers with this file and not with the project's codec: a mistake there is then
 * found by every test that reads a calendar's answer. */
export type Step = { append: Uint8Array } | { prepend: Uint8Array } | 'sha256';

const TAG_PENDING = Buffer.from('83dfe30d2ef90c8e', 'hex');
const TAG_BITCOIN = Buffer.from('0588960d73d71901', 'hex');

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** The message at the end of the path. */
export function follow(message: Uint8Array, steps: Step[]): Uint8Array {
  return steps.reduce((at: Uint8Array, step) => {
    if (step === 'sha256') return sha256(at);
    return 'append' in step ? Buffer.concat([at, step.append]) : Buffer.concat([step.prepend, at]);
  }, message);
}

/** Unsigned LEB128. */
function varuint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}

const varbytes = (data: Uint8Array): Buffer => Buffer.concat([varuint(data.length), data]);

/** The attestation item of a pending attestation that names this calendar. */
export const pendingAttestation = (uri: string): Uint8Array =>
  Buffer.concat([Buffer.from([0]), TAG_PENDING, varbytes(varbytes(Buffer.from(uri, 'ascii')))]);

/** The attestation item of a Bitcoin attestation. */
export const bitcoinAttestation = (height: number): Uint8Array =>
  Buffer.concat([Buffer.from([0]), TAG_BITCOIN, varbytes(varuint(height))]);

/** A serialised timestamp: the path, then the attestation at its end. */
export function serializePath(steps: Step[], attestation: Uint8Array): Uint8Array {
  const operations = steps.map((step) => {
    if (step === 'sha256') return Buffer.from([0x08]);
    return 'append' in step
      ? Buffer.concat([Buffer.from([0xf0]), varbytes(step.append)])
      : Buffer.concat([Buffer.from([0xf1]), varbytes(step.prepend)]);
  });
  return Buffer.concat([...operations, attestation]);
}

/** A binary tree of `sha256(left ‖ right)` over 32-byte leaves, an odd node carried up, as calendars aggregate digests.
 * Returns the root and each leaf's path to it. */
export function aggregate(leaves: Uint8Array[]): { root: Uint8Array; paths: Step[][] } {
  return foldPairs(leaves, 'carry', ['sha256']);
}

/** A Bitcoin block's Merkle tree: double SHA-256, an odd node paired with itself. Takes transaction ids in internal byte order. */
export function blockMerkleTree(transactionIds: Uint8Array[]): { root: Uint8Array; paths: Step[][] } {
  return foldPairs(transactionIds, 'duplicate', ['sha256', 'sha256']);
}

function foldPairs(
  leaves: Uint8Array[],
  odd: 'carry' | 'duplicate',
  hash: Step[],
): { root: Uint8Array; paths: Step[][] } {
  const paths: Step[][] = leaves.map(() => []);
  let row = leaves.map((node, index) => ({ node, members: [index] }));
  while (row.length > 1) {
    const next: typeof row = [];
    for (let at = 0; at < row.length; at += 2) {
      const left = row[at];
      const right = row[at + 1];
      if (!left) continue;
      if (!right && odd === 'carry') {
        next.push(left);
        continue;
      }
      const rightNode = right?.node ?? left.node;
      for (const member of left.members) paths[member]?.push({ append: rightNode }, ...hash);
      for (const member of right?.members ?? []) paths[member]?.push({ prepend: left.node }, ...hash);
      next.push({
        node: follow(left.node, [{ append: rightNode }, ...hash]),
        members: [...left.members, ...(right?.members ?? [])],
      });
    }
    row = next;
  }
  const root = row[0]?.node;
  if (!root) throw new RangeError('expected at least one leaf, got none');
  return { root, paths };
}
