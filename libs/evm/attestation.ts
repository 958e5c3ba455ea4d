import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { isHex } from '#statement/digest.js';
import { describe } from '#statement/error.js';
import { canonicalize } from '#statement/jcs.js';
import { EvmError } from './error.js';
import { EVM_HASH_BYTES, HEADER_MAX_BYTES, parseHeader } from './header.js';
import { parseTransaction } from './transaction.js';
import { INDEX_MAX, PATH_MAX_NODES, verifyTransactionProof } from './trie.js';

/** Longest transaction of an attestation, in bytes. One that carries a root and nothing else has about 150. */
export const TRANSACTION_MAX_BYTES = 16_384;
/** Longest trie node of an attestation, in bytes: a leaf holds the transaction, and a few bytes more. */
export const NODE_MAX_BYTES = TRANSACTION_MAX_BYTES + 64;
/** Length of a checkpoint's root, in bytes. */
const ROOT_BYTES = 32;

/** What a chain says of a checkpoint's root: the members of a proof's attestation of type `evm`, without that type. */
export interface EvmAttestation {
  chainId: number;
  /** Hash of block 0, hex. */
  genesis: string;
  /** Hash of the block that holds the transaction, hex. */
  block: string;
  /** The block's header in RLP, base64. */
  header: string;
  /** Index of the transaction in the block, from 0. */
  index: number;
  /** The transaction as it stands in the block, base64. */
  transaction: string;
  /** The nodes of the transaction trie from the root to the transaction, base64. */
  path: string[];
}

/** The same, in bytes. */
export interface EvmAttestationParts {
  chainId: number;
  genesis: Uint8Array;
  block: Uint8Array;
  header: Uint8Array;
  index: number;
  transaction: Uint8Array;
  path: readonly Uint8Array[];
}

/** What an attestation shows, given that the block is in its chain. */
export interface EvmAnchoring {
  blockHash: Uint8Array;
  number: number;
  /** The block's own time, in milliseconds since 1970. */
  timeMs: number;
  chainId: number;
  genesis: Uint8Array;
  /** Receiver of the transaction, 20 bytes. */
  to: Uint8Array;
  transactionHash: Uint8Array;
}

/** The attestation in its JSON form. @throws EvmError `bad-attestation` when a part is beyond its bounds */
export function formatEvmAttestation(parts: EvmAttestationParts): EvmAttestation {
  return parseEvmAttestation({
    chainId: parts.chainId,
    genesis: bytesToHex(parts.genesis),
    block: bytesToHex(parts.block),
    header: base64.encode(parts.header),
    index: parts.index,
    transaction: base64.encode(parts.transaction),
    path: parts.path.map((node) => base64.encode(node)),
  });
}

/** The canonical JSON of an attestation as UTF-8: what is stored of it. */
export function evmAttestationBytes(attestation: EvmAttestation): Uint8Array {
  return utf8ToBytes(canonicalize(attestation));
}

/** Reads what {@link evmAttestationBytes} wrote. @throws EvmError `bad-attestation`, also for another text of the same meaning */
export function readEvmAttestation(bytes: Uint8Array): EvmAttestation {
  let attestation: EvmAttestation;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    attestation = parseEvmAttestation(JSON.parse(text) as unknown);
  } catch (cause) {
    if (cause instanceof EvmError) throw cause;
    throw new EvmError('bad-attestation', 'Reading an attestation: expected JSON, got something else', { cause });
  }
  if (canonicalize(attestation) !== text) throw refused('the text', 'canonical JSON', 'another form');
  return attestation;
}

/**
 * Checks the form of an attestation: every member there, none else, each in its one written form and within its bounds.
 *
 * @throws EvmError `bad-attestation`.
 */
export function parseEvmAttestation(value: unknown): EvmAttestation {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('the top', 'an object', value);
  const { chainId, genesis, block, header, index, transaction, path, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw refused(other, 'no such member', others[other]);
  if (!Array.isArray(path)) throw refused('path', 'an array', path);
  if (path.length < 1 || path.length > PATH_MAX_NODES) throw refused('path', `1 to ${PATH_MAX_NODES} nodes`, path);
  return {
    chainId: wholeNumber('chainId', chainId, 1, Number.MAX_SAFE_INTEGER),
    genesis: hash('genesis', genesis),
    block: hash('block', block),
    header: bytesText('header', header, HEADER_MAX_BYTES),
    index: wholeNumber('index', index, 0, INDEX_MAX),
    transaction: bytesText('transaction', transaction, TRANSACTION_MAX_BYTES),
    path: Array.from(path, (node, i) => bytesText(`path ${i}`, node, NODE_MAX_BYTES)),
  };
}

/**
 * Follows an attestation from a checkpoint's root (32 bytes) to the hash of a block. Whether that block is in the chain is
 * for sources of that chain to say; so is whether `genesis` is the chain's.
 *
 * @throws EvmError `bad-rlp`, `bad-header`, `other-hash`, `bad-path`, `other-transaction`, `bad-transaction`, `other-chain` or `other-root`.
 */
export function verifyEvmAttestation(attestation: EvmAttestation, root: Uint8Array): EvmAnchoring {
  const header = parseHeader(base64.decode(attestation.header));
  const blockHash = bytesToHex(header.hash);
  if (blockHash !== attestation.block) {
    throw mismatch('other-hash', `a header with the hash ${attestation.block}`, `one with ${blockHash}`);
  }
  const path = attestation.path.map((node) => base64.decode(node));
  const proved = verifyTransactionProof(header.transactionsRoot, attestation.index, path);
  if (base64.encode(proved) !== attestation.transaction) {
    throw mismatch('other-transaction', `the transaction at index ${attestation.index} of the block`, 'another');
  }
  const { chainId, to, input, hash: transactionHash } = parseTransaction(proved);
  if (chainId !== attestation.chainId) {
    throw mismatch('other-chain', `a transaction of chain ${attestation.chainId}`, `one of ${chainId ?? 'none'}`);
  }
  if (to === null) throw mismatch('other-root', 'a transaction with a receiver', 'one that creates a contract');
  if (root.length !== ROOT_BYTES) throw mismatch('other-root', `a root of ${ROOT_BYTES} bytes`, `${root.length}`);
  if (bytesToHex(input) !== bytesToHex(root)) {
    throw mismatch(
      'other-root',
      `a transaction whose input is the root ${bytesToHex(root)}`,
      `${input.length} other bytes`,
    );
  }
  const { number, timestampMs: timeMs } = header;
  const genesis = hexToBytes(attestation.genesis);
  return { blockHash: header.hash, number, timeMs, chainId, genesis, to, transactionHash };
}

function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max || Object.is(value, -0)) {
    throw refused(name, `a whole number from ${min} to ${max}`, value);
  }
  return value;
}

function hash(name: string, value: unknown): string {
  if (!isHex(value, EVM_HASH_BYTES)) throw refused(name, `${EVM_HASH_BYTES} bytes in lower-case hex`, value);
  return value;
}

function bytesText(name: string, value: unknown, maxBytes: number): string {
  if (typeof value !== 'string') throw refused(name, 'base64', value);
  if (value.length > Math.ceil(maxBytes / 3) * 4) throw refused(name, `at most ${maxBytes} bytes`, value);
  try {
    if (base64.encode(base64.decode(value)) === value) return value;
  } catch (cause) {
    throw refused(name, 'canonical base64', value, cause);
  }
  throw refused(name, 'canonical base64', value);
}

function refused(name: string, expected: string, got: unknown, cause?: unknown): EvmError {
  const message = `Reading an attestation: at ${name}: expected ${expected}, got ${describe(got)}`;
  return new EvmError('bad-attestation', message, cause === undefined ? {} : { cause });
}

function mismatch(
  code: 'other-hash' | 'other-transaction' | 'other-chain' | 'other-root',
  expected: string,
  got: string,
) {
  return new EvmError(code, `Following an attestation: expected ${expected}, got ${got}`);
}
