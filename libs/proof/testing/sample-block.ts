import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import type { NetworkName } from '#bitcoin/network.js';
import { pathFrom, type TimestampPath } from '#ots/timestamp-path.js';

/** A block of a made-up regtest chain: work that a handful of tries finds. */
export interface SampleBlock {
  height: number;
  /** 80 bytes. */
  header: Uint8Array;
}

/** `bits` of the easiest work that Bitcoin's rules can express, as regtest has it. */
const EASIEST_BITS = 0x207fffff;

/** The operations by which a calendar would bring `root` into a block: nonce, commitment transaction, one Merkle step. */
export function pathIntoBlock(root: Uint8Array, height: number): TimestampPath {
  const filler = (text: string) => sha256(utf8ToBytes(`${text} of block ${height}`));
  return pathFrom(root)
    .append(filler('calendar nonce').slice(0, 16))
    .sha256()
    .prepend(filler('transaction before its output'))
    .append(Uint8Array.of(0, 0, 0, 0))
    .sha256()
    .sha256()
    .append(filler('other transaction'))
    .sha256()
    .sha256();
}

/** A block at `height` with the given Merkle root (internal byte order) and time (seconds since 1970). */
export function sampleBlock(height: number, merkleRoot: Uint8Array, timeSeconds: number): SampleBlock {
  for (let nonce = 0; ; nonce++) {
    const header = concatBytes(
      uint32(0x20000000),
      sha256(utf8ToBytes(`block ${height - 1}`)),
      merkleRoot,
      uint32(timeSeconds),
      uint32(EASIEST_BITS),
      uint32(nonce),
    );
    // The hash is a little-endian number; the target is 0x7fffff00…: the top byte decides, but for one case in 2^24.
    if (sha256(sha256(header))[31]! < 0x7f) return { height, header };
  }
}

/** A source that serves exactly these blocks, of a network that it names, or null for one that cannot tell. */
export function sampleBlockSource(
  blocks: readonly SampleBlock[],
  name = 'sample blocks',
  network: NetworkName | null = 'regtest',
): BlockSource {
  return {
    name,
    network: () => Promise.resolve(network ?? undefined),
    header: (height) => {
      const block = blocks.find((candidate) => candidate.height === height);
      if (block !== undefined) return Promise.resolve(block.header);
      return Promise.reject(new SourceError('no-such-block', `Reading block ${height}: expected a sample block`));
    },
  };
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
