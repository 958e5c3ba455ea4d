import { type IssuedReceipt, receiptMembers } from './receipts.js';
import { type Standing, STATUS_REFUSALS, type StatusRefusal, type StatusRefusalCode } from './status-decision.js';

/** One thing that was wrong with an item, as RFC 9457 problem details. */
export interface ItemProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: 'invalid-record' | 'reference-conflict' | StatusRefusalCode;
  /** How the record stands that should be superseded, where that is why. */
  standing?: Standing;
  errors?: { pointer: string; detail: string }[];
}

/** The event by which another record gave its place to an accepted one. */
export interface Superseding {
  /** Canonical JSON. */
  statement: string;
  leafHex: string;
}

/** Outcome of one item. `json` is the item as the HTTP API answers it, already as text: statements are never parsed or written twice. */
export type ItemResult =
  | { outcome: 'accepted'; id: string; leafHex: string; repeated: boolean; json: string; superseding?: Superseding }
  | { outcome: 'rejected'; problem: ItemProblem; json: string };

/** Outcome of one request. */
export interface Accepted {
  /** In the order of the request's items. */
  results: ItemResult[];
  /** Over the accepted items, see {@link leavesOf}; undefined when none was accepted. */
  receipt: IssuedReceipt | undefined;
}

/** An accepted item. `statement` is canonical JSON text and goes into the answer as it is. */
export function acceptedItem(
  id: string,
  receivedAt: string,
  statement: string,
  leafHex: string,
  repeated: boolean,
  superseding?: Superseding,
): ItemResult {
  const json =
    `{"id":"${id}","outcome":"accepted","stage":"accepted","receivedAt":"${receivedAt}","statement":${statement},` +
    `"leafHash":"${leafHex}"${repeated ? ',"repeated":true' : ''}` +
    (superseding === undefined
      ? '}'
      : `,"superseded":{"statement":${superseding.statement},"leafHash":"${superseding.leafHex}"}}`);
  return { outcome: 'accepted', id, leafHex, repeated, json, ...(superseding === undefined ? {} : { superseding }) };
}

/** An item that breaks a rule. */
export function invalidItem(errors: { pointer: string; detail: string }[]): ItemResult {
  const [first] = errors;
  return rejectedItem({
    type: 'urn:sealroot:problem:invalid-record',
    title: 'The record is not valid',
    status: 422,
    detail:
      first === undefined
        ? 'The record is not valid'
        : `${first.pointer === '' ? 'The record' : first.pointer}: ${first.detail}`,
    code: 'invalid-record',
    errors,
  });
}

/** An item whose reference already stands for another document. */
export function conflictingItem(reference: string, holderId: string): ItemResult {
  return rejectedItem({
    type: 'urn:sealroot:problem:reference-conflict',
    title: 'The reference is taken',
    status: 409,
    detail: `Reference ${JSON.stringify(reference)} already belongs to record ${holderId}, which has other digests or supersedes another record`,
    code: 'reference-conflict',
  });
}

/** An item that cannot supersede what it names. */
export function refusedItem({ code, detail, standing }: StatusRefusal): ItemResult {
  return rejectedItem({
    type: `urn:sealroot:problem:${code}`,
    ...STATUS_REFUSALS[code],
    detail: `/supersedes: ${detail}`,
    code,
    ...(standing === undefined ? {} : { standing }),
  });
}

function rejectedItem(problem: ItemProblem): ItemResult {
  return { outcome: 'rejected', problem, json: `{"outcome":"rejected","problem":${JSON.stringify(problem)}}` };
}

/** What the receipt is over: the leaf hashes of the accepted items in hex, concatenated in the order of the answer; where an item has superseded another
 * record, that event's leaf hash follows the item's own. */
export function leavesOf(results: readonly ItemResult[]): string {
  let leaves = '';
  for (const result of results)
    if (result.outcome === 'accepted') leaves += result.leafHex + (result.superseding?.leafHex ?? '');
  return leaves;
}

/** The answer to an array of records: `{"records":[…],"receipt":…}`, with the proofs (JSON text) of the accepted ones, by id, where they were waited for. */
export function formatAccepted(
  { results, receipt }: Accepted,
  proofs: ReadonlyMap<string, string> | null = null,
): string {
  const items = results.map((result) => {
    const proof = result.outcome === 'accepted' ? proofs?.get(result.id) : undefined;
    return proof === undefined ? result.json : `${sealedItem(result.json).slice(0, -1)},"proof":${proof}}`;
  });
  return `{"records":[${items.join(',')}]${receiptMembers(receipt)}}`;
}

/** The answer to a single record that was accepted: the item with the receipt beside its members, and with the proof (JSON text) where it was waited for. */
export function formatAcceptedOne({ results, receipt }: Accepted, proof: string | null = null): string {
  const { json } = results[0]!;
  const item = proof === null ? json : sealedItem(json);
  return `${item.slice(0, -1)}${receiptMembers(receipt)}${proof === null ? '' : `,"proof":${proof}`}}`;
}

function sealedItem(json: string): string {
  return json.replace('"stage":"accepted"', '"stage":"sealed"');
}
