import { keccak_256 } from '@noble/hashes/sha3.js';
import { EvmError } from './error.js';
import { decodeRlpList, encodeRlp, uintBytes, type RlpItem } from './rlp.js';

/** Most nodes of a path that are read: an index has at most ten nibbles, and each node above a leaf takes one or more. */
export const PATH_MAX_NODES = 12;
/** The same for an account, whose key has 64 nibbles. */
const ACCOUNT_PATH_MAX_NODES = 66;
/** Highest index of a transaction that is read: far beyond what any gas limit allows. */
export const INDEX_MAX = 0xffff_ffff;
/** Levels of lists in a node: nodes below 32 bytes stand inside their parent, and no more than four of them fit. */
const NODE_MAX_DEPTH = 5;
/** The node of a trie without entries: an empty byte string. */
const NOTHING = new Uint8Array();

/** The trie of a block's transactions. */
export interface TransactionTrie {
  /** Root as block headers have it, 32 bytes. */
  root: Uint8Array;
  /** The nodes that lead to the transaction at an index, root first: each the RLP whose Keccak-256 the one before names. @throws EvmError `bad-path` for an index beyond the block */
  path(index: number): Uint8Array[];
}

interface Entry {
  nibbles: number[];
  value: Uint8Array;
}

interface TrieNode {
  item: RlpItem;
  encoded: Uint8Array;
  /** What follows the nibbles of an extension, or the sixteen branches; nothing for a leaf. */
  next: readonly (TrieNode | undefined)[];
  /** Nibbles that lead through an extension or into a leaf; none in a branch. */
  nibbles: readonly number[];
}

/**
 * Builds the trie over a block's transactions, given in block order and in their block form: keys are the RLP of the index,
 * values the serialised transactions (Yellow Paper, appendix D).
 */
export function buildTransactionTrie(transactions: readonly Uint8Array[]): TransactionTrie {
  const entries = transactions.map((value, index) => ({ nibbles: indexNibbles(index), value }));
  const top = entries.length === 0 ? undefined : build(entries, 0);
  return {
    root: keccak_256(top?.encoded ?? encodeRlp(NOTHING)),
    path(index) {
      if (top === undefined || !Number.isInteger(index) || index < 0 || index >= transactions.length) {
        throw refused(`an index below ${transactions.length}`, `${index}`);
      }
      const nibbles = indexNibbles(index);
      const path = [top.encoded];
      let at = 0;
      for (let node: TrieNode | undefined = top; node !== undefined;) {
        at += node.nibbles.length;
        node = node.next[node.next.length === 1 ? 0 : nibbles[at++]!];
        // A shorter node is not named by its hash, but stands in its parent.
        if (node !== undefined && node.encoded.length >= 32) path.push(node.encoded);
      }
      return path;
    },
  };
}

/**
 * The serialised transaction at an index of the block whose transactions have this root. Every node must be in its one form,
 * named by the one before, and needed: what is changed, missing or added anywhere is refused.
 *
 * @throws EvmError `bad-path` or `bad-rlp`.
 */
export function verifyTransactionProof(root: Uint8Array, index: number, path: readonly Uint8Array[]): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index > INDEX_MAX) {
    throw refused(`an index from 0 to ${INDEX_MAX}`, `${index}`);
  }
  if (path.length < 1 || path.length > PATH_MAX_NODES) {
    throw refused(`1 to ${PATH_MAX_NODES} nodes`, `${path.length}`);
  }
  return follow(root, indexNibbles(index), path, `index ${index}`);
}

/** What the state of a block (root in its header, 32 bytes) holds of an account: RLP of nonce, balance, storage root and code hash. The path is
 * that of `eth_getProof`. @throws EvmError `bad-path` or `bad-rlp` */
export function verifyAccountProof(root: Uint8Array, address: Uint8Array, path: readonly Uint8Array[]): Uint8Array {
  if (path.length < 1 || path.length > ACCOUNT_PATH_MAX_NODES) {
    throw refused(`1 to ${ACCOUNT_PATH_MAX_NODES} nodes`, `${path.length}`);
  }
  return follow(root, nibblesOf(keccak_256(address)), path, 'the account');
}

/** The value at a key, given by its nibbles; `what` names the key in errors. */
function follow(root: Uint8Array, nibbles: readonly number[], path: readonly Uint8Array[], what: string): Uint8Array {
  let at = 0;
  let used = 0;
  const take = (hash: Uint8Array): readonly RlpItem[] => {
    const encoded = path[used];
    if (encoded === undefined) throw refused('another node', 'the end of the path');
    if (!equal(keccak_256(encoded), hash)) throw refused(`node ${used} to have the hash that leads to it`, 'another');
    // Only the root is named by its hash whatever its length.
    if (used > 0 && encoded.length < 32) throw refused(`node ${used} to stand in its parent`, 'it in the path');
    used++;
    return decodeRlpList(encoded, NODE_MAX_DEPTH);
  };
  const next = (reference: RlpItem): readonly RlpItem[] => {
    if (!(reference instanceof Uint8Array)) {
      if (encodeRlp(reference).length >= 32) throw refused('a node of 32 bytes or more to be named by its hash', 'it');
      return reference;
    }
    if (reference.length === 0) throw refused(`a value at ${what}`, 'none');
    if (reference.length !== 32) throw refused('the hash of a node', `${reference.length} bytes`);
    return take(reference);
  };

  let node = take(root);
  let branchDue = false;
  for (;;) {
    if (node.length === 17) {
      checkBranch(node);
      const nibble = nibbles[at++];
      if (nibble === undefined) throw refused('a leaf', 'a branch');
      node = next(node[nibble]!);
      branchDue = false;
      continue;
    }
    if (branchDue) throw refused('a branch after an extension', 'another node');
    const { leaf, prefix } = readShortNode(node);
    if (!prefix.every((nibble, i) => nibbles[at + i] === nibble)) throw refused(what, 'another key');
    at += prefix.length;
    if (!leaf) {
      node = next(node[1]!);
      branchDue = true;
      continue;
    }
    const value = node[1]!;
    if (at !== nibbles.length) throw refused(what, 'a shorter key');
    if (!(value instanceof Uint8Array) || value.length === 0) throw refused('a value', 'none');
    if (used !== path.length) throw refused(`${used} nodes`, `${path.length}`);
    return value.slice();
  }
}

/** The key of an index: the nibbles of its RLP, high one first. */
function indexNibbles(index: number): number[] {
  return nibblesOf(encodeRlp(uintBytes(BigInt(index))));
}

const nibblesOf = (key: Uint8Array): number[] => [...key].flatMap((byte) => [byte >> 4, byte & 15]);

function build(entries: readonly Entry[], at: number): TrieNode {
  const [first, ...others] = entries as [Entry, ...Entry[]];
  if (others.length === 0) {
    const nibbles = first.nibbles.slice(at);
    return node([hexPrefix(nibbles, true), first.value], [], nibbles);
  }
  let common = first.nibbles.length;
  for (const { nibbles } of others) {
    let same = at;
    while (same < common && nibbles[same] === first.nibbles[same]) same++;
    common = same;
  }
  if (common > at) {
    const nibbles = first.nibbles.slice(at, common);
    const branch = build(entries, common);
    return node([hexPrefix(nibbles, false), reference(branch)], [branch], nibbles);
  }
  // No index is the beginning of another, as RLP texts never are: a branch's own value stays empty.
  const next = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ nibbles }) => nibbles[at] === nibble);
    return below.length === 0 ? undefined : build(below, at + 1);
  });
  return node([...next.map((child) => (child === undefined ? NOTHING : reference(child))), NOTHING], next, []);
}

function node(item: RlpItem, next: TrieNode['next'], nibbles: readonly number[]): TrieNode {
  return { item, encoded: encodeRlp(item), next, nibbles };
}

/** How a parent names a node: by its hash, or by itself when it has less than 32 bytes. */
function reference({ item, encoded }: TrieNode): RlpItem {
  return encoded.length < 32 ? item : keccak_256(encoded);
}

/** Hex-prefix encoding of a part of a key (Yellow Paper, appendix C). */
function hexPrefix(nibbles: readonly number[], leaf: boolean): Uint8Array {
  const odd = nibbles.length % 2;
  const all = [(leaf ? 2 : 0) + odd, ...(odd === 1 ? [] : [0]), ...nibbles];
  return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i]! * 16 + all[2 * i + 1]!);
}

/** Takes a leaf or an extension apart. */
function readShortNode(item: readonly RlpItem[]): { leaf: boolean; prefix: number[] } {
  const [key] = item;
  if (item.length !== 2) throw refused('a node of 2 or 17 items', `${item.length}`);
  if (!(key instanceof Uint8Array) || key.length === 0) throw refused('a part of a key', 'none');
  const nibbles = nibblesOf(key);
  const [flag, padding] = nibbles as [number, number];
  if (flag > 3 || (flag % 2 === 0 && padding !== 0)) throw refused('a part of a key', 'an unknown form');
  const leaf = flag >= 2;
  const prefix = nibbles.slice(flag % 2 === 1 ? 1 : 2);
  if (!leaf && prefix.length === 0) throw refused('an extension by a nibble or more', 'one by none');
  return { leaf, prefix };
}

function checkBranch(branch: readonly RlpItem[]): void {
  const value = branch[16]!;
  if (!(value instanceof Uint8Array) || value.length > 0) throw refused('a branch without a value', 'one with');
  const children = branch.filter((child) => child.length > 0);
  if (children.length < 2) throw refused('a branch of two or more', `${children.length}`);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function refused(expected: string, got: string): EvmError {
  return new EvmError('bad-path', `Following a path of trie nodes: expected ${expected}, got ${got}`);
}
