import type { Attestation } from './attestation.js';
import type { Operation } from './operation.js';
import { NodeBudget, type Timestamp } from './timestamp.js';

/** An attestation with the place where it stands in a timestamp. */
export interface AttestationAt {
  readonly attestation: Attestation;
  /** The message that is attested. */
  readonly message: Uint8Array;
  /** The operations from the timestamp's first message to this one, first one first. */
  readonly path: readonly Operation[];
  /** The number of operations on the path. */
  readonly depth: number;
}

/** Every attestation of a timestamp: a node's own before those further on, in the order of the tree. Throws `too-deep`, `too-large`. */
export function listAttestations(timestamp: Timestamp): AttestationAt[] {
  const found: AttestationAt[] = [];
  const budget = new NodeBudget();
  const visit = (node: Timestamp, path: readonly Operation[]): void => {
    budget.enter(path.length);
    for (const attestation of node.attestations) {
      found.push({ attestation, message: node.message, path, depth: path.length });
    }
    for (const { op, next } of node.operations) visit(next, [...path, op]);
  };
  visit(timestamp, []);
  return found;
}
