import { bytesToHex } from '@noble/hashes/utils.js';
import { equalBytes } from './byte-order.js';
import { OtsError } from './error.js';
import { type Operation, operationBytes } from './operation.js';
import { canonicalAttestations, canonicalBranches, NodeBudget, type Timestamp } from './timestamp.js';

/**
 * Everything that either of two timestamps of the same message says, each thing once and in canonical order.
 * Throws `different-messages`, and `too-deep` or `too-large` when the result breaks a limit.
 */
export function mergeTimestamps(a: Timestamp, b: Timestamp): Timestamp {
  return mergeNodes([a, b], 0, new NodeBudget());
}

/**
 * The timestamp with `addition` merged in wherever its message occurs: how a calendar's later answer completes a
 * pending attestation. Throws `different-messages` when the message occurs nowhere, `too-deep` and `too-large`.
 */
export function graftTimestamp(timestamp: Timestamp, addition: Timestamp): Timestamp {
  const budget = new NodeBudget();
  const mergeBudget = new NodeBudget();
  let found = false;
  const graft = (node: Timestamp, depth: number): Timestamp => {
    budget.enter(depth);
    const operations = node.operations.map(({ op, next }) => ({ op, next: graft(next, depth + 1) }));
    const here = equalBytes(node.message, addition.message);
    found ||= here;
    return here ? mergeNodes([{ ...node, operations }, addition], depth, mergeBudget) : { ...node, operations };
  };
  const grafted = graft(timestamp, 0);
  if (!found) {
    throw new OtsError(
      'different-messages',
      'Grafting a timestamp: expected one of a message in the tree, got another',
    );
  }
  return grafted;
}

/** One node that says what all the given ones say; `nodes` is never empty. */
function mergeNodes(nodes: readonly Timestamp[], depth: number, budget: NodeBudget): Timestamp {
  const { message } = nodes[0]!;
  budget.enter(depth);
  if (nodes.some((node) => !equalBytes(node.message, message))) {
    throw new OtsError('different-messages', 'Merging timestamps: expected the same message, got different ones');
  }
  const groups = new Map<string, { op: Operation; nexts: Set<Timestamp> }>();
  for (const { op, next } of nodes.flatMap((node) => node.operations)) {
    const key = bytesToHex(operationBytes(op));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { op, nexts: new Set([next]) });
    else group.nexts.add(next);
  }
  return {
    message,
    attestations: canonicalAttestations(nodes.flatMap((node) => node.attestations)),
    operations: canonicalBranches(
      [...groups.values()].map(({ op, nexts }) => {
        budget.step(message);
        return { op, next: mergeNodes([...nexts], depth + 1, budget) };
      }),
    ),
  };
}
