import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { formatEvmAttestation, type EvmAttestation } from '../attestation.js';
import { SourceError } from '#source/error.js';
import type { EvmSource } from '#source/evm-source.js';
import { bytesUint, encodeRlp, uintBytes, type RlpItem } from '../rlp.js';
import type { EvmTransactionType } from '../transaction.js';
import { buildTransactionTrie } from '../trie.js';

/** A made-up block with one transaction that carries a root, among others that carry nothing. */
export interface SampleEvmBlock {
  number: number;
  /** Hex. */
  hash: string;
  timeMs: number;
  attestation: EvmAttestation;
}

/** What a sample block is to look like; everything has a default. */
export interface SampleEvmOptions {
  chainId?: number;
  /** Hash of block 0, hex. */
  genesis?: string;
  number?: number;
  /** As the header has it: seconds, or milliseconds from 10^11 on. */
  timestamp?: number;
  /** Transactions in the block (3), and which of them carries the root (1). */
  transactions?: number;
  index?: number;
  type?: EvmTransactionType;
  /** Input instead of the root. */
  input?: Uint8Array;
  /** Receiver; null to create a contract. */
  to?: Uint8Array | null;
  /** Fields after the fifteen of every fork. */
  laterFields?: RlpItem[];
}

const bytes = (what: string, length = 32) => keccak_256(utf8ToBytes(what)).slice(0, length);
const uint = (value: number | bigint) => uintBytes(BigInt(value));

/** Hash of block 0 of the sample chain, hex. */
export const SAMPLE_GENESIS = bytesToHex(bytes('sample genesis'));

/** A serialised transaction with a made-up signature. */
export function sampleTransaction(
  nonce: number,
  input: Uint8Array,
  { type = 2, chainId = 31_337, to = bytes('receiver', 20) }: SampleEvmOptions = {},
): Uint8Array {
  // Numbers, some of which begin with zeros.
  const signature = [`r ${nonce}`, `s ${nonce}`].map((what) => uint(bytesUint(bytes(what))));
  const call = [to ?? new Uint8Array(), uint(0), input];
  if (type === 0)
    return encodeRlp([uint(nonce), uint(10n ** 9n), uint(30_000), ...call, uint(chainId * 2 + 35), ...signature]);
  const fees = type === 1 ? [uint(10n ** 9n)] : [uint(10n ** 8n), uint(10n ** 9n)];
  const blobs = [uint(1), [concatBytes(Uint8Array.of(1), bytes('blob', 31))]];
  const authorizations = [[[uint(chainId), bytes('code', 20), uint(nonce), uint(1), ...signature]]];
  const later = type === 3 ? blobs : type === 4 ? authorizations : [];
  const accessList = type === 1 ? [[bytes('receiver', 20), [bytes('slot')]]] : [];
  const body = [
    uint(chainId),
    uint(nonce),
    ...fees,
    uint(30_000),
    ...call,
    accessList,
    ...later,
    uint(1),
    ...signature,
  ];
  return concatBytes(Uint8Array.of(type), encodeRlp(body));
}

/** A header in RLP around a transactions root, of the newest fork unless other fields are given. */
export function sampleHeader(transactionsRoot: Uint8Array, options: SampleEvmOptions = {}): Uint8Array {
  const { number = 7, timestamp = 1_772_355_600 } = options;
  const later = [uint(10n ** 9n), bytes('withdrawals'), uint(0), uint(0), bytes('beacon root'), bytes('requests')];
  return encodeRlp([
    bytes(`parent of ${number}`),
    bytes('uncles'),
    bytes('miner', 20),
    bytes('state'),
    transactionsRoot,
    bytes('receipts'),
    new Uint8Array(256),
    uint(0),
    uint(number),
    uint(30_000_000),
    uint(90_000),
    uint(timestamp),
    utf8ToBytes('sample'),
    bytes('mix'),
    new Uint8Array(8),
    ...(options.laterFields ?? later),
  ]);
}

/** A block that holds a transaction with this root, and the attestation of it. The same options give the same bytes. */
export function sampleEvmBlock(root: Uint8Array, options: SampleEvmOptions = {}): SampleEvmBlock {
  const { chainId = 31_337, number = 7, timestamp = 1_772_355_600, transactions = 3 } = options;
  const index = options.index ?? Math.min(1, transactions - 1);
  const input = options.input ?? root;
  const raw = Array.from({ length: transactions }, (_, i) =>
    sampleTransaction(i, i === index ? input : utf8ToBytes(`other ${i}`), i === index ? options : { chainId }),
  );
  const trie = buildTransactionTrie(raw);
  const header = sampleHeader(trie.root, options);
  const block = keccak_256(header);
  const attestation = formatEvmAttestation({
    chainId,
    genesis: hexToBytes(options.genesis ?? SAMPLE_GENESIS),
    block,
    header,
    index,
    transaction: raw[index]!,
    path: trie.path(index),
  });
  return { number, hash: bytesToHex(block), timeMs: timestamp < 1e11 ? timestamp * 1000 : timestamp, attestation };
}

/** What a sample source serves and says of itself. */
export interface SampleEvmSource {
  name?: string;
  chainId?: number;
  genesis?: string;
  /** Height up to which it calls blocks final; null, or none, for a chain that does not say. */
  finalized?: number | null;
  /** Height → hash of the block in hex; any other height is beyond the chain. */
  blocks: Record<number, string>;
}

/** A source that serves the hashes of made-up blocks. */
export function sampleEvmSource(served: SampleEvmSource): EvmSource {
  const { name = 'node', chainId = 31_337, genesis = SAMPLE_GENESIS, finalized = null, blocks } = served;
  return {
    name,
    chainId: () => Promise.resolve(chainId),
    block(number) {
      const hash = number === 0 ? genesis : blocks[number];
      if (hash === undefined) return Promise.reject(new SourceError('no-such-block', `${name}: no block ${number}`));
      return Promise.resolve({ hash: hexToBytes(hash), timeMs: 1_772_351_000_000 });
    },
    finalizedNumber: () => Promise.resolve(finalized),
  };
}
