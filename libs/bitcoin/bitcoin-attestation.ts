import { displayHash, equalHashes } from './block-hash.js';
import type { BlockHeader } from './block-header.js';
import { type BlockSource, BlockSourceError, type BlockSourceErrorCode } from './block-source.js';
import { BitcoinError } from './error.js';
import { parseHeaderAt } from './header-place.js';
import { NETWORKS, type NetworkName } from './network.js';

/** What one source contributed. */
export interface SourceNote {
  readonly source: string;
  readonly outcome: 'matches' | 'differs' | BlockSourceErrorCode;
  /** One sentence for people. */
  readonly message: string;
  /** Displayed hash of the header the source gave, where it gave one. */
  readonly blockHash?: string | undefined;
  readonly network?: NetworkName | undefined;
}

/** What the sources say about a Bitcoin attestation. */
export interface BitcoinAttestationCheck {
  /**
   * `passed`: every source that answered has a header at this height whose Merkle root is the message.
   * `failed`: the message can be no Merkle root, or every source that answered has a header with another one.
   * `unavailable`: no source answered, or the answers contradict each other.
   */
  readonly status: 'passed' | 'failed' | 'unavailable';
  readonly finding:
    | 'merkle-root-matches'
    | 'merkle-root-differs'
    | 'message-not-32-bytes'
    | 'sources-disagree'
    | 'no-source'
    | 'no-answer';
  /** One sentence for people. */
  readonly message: string;
  readonly height: number;
  /** The block's time in seconds since 1970, as its miner set it; only when passed. */
  readonly time?: number | undefined;
  /** Displayed hash of the block; only when all answers agree on it. */
  readonly blockHash?: string | undefined;
  /** The network, when a source knows it and none knows another. */
  readonly network?: NetworkName | undefined;
  /** One per source, in the order given. */
  readonly notes: readonly SourceNote[];
}

/** The question: is `message` the Merkle root of the block at `height`, going by these sources? */
export interface BitcoinAttestationQuestion {
  readonly message: Uint8Array;
  readonly height: number;
  readonly sources: readonly BlockSource[];
}

interface Answer {
  readonly note: SourceNote;
  readonly header?: BlockHeader | undefined;
}

/**
 * Asks every source for the header at an attestation's height and compares its Merkle root with the attested message. All sources are
 * asked at once and none hides another; a source that fails is a note, never a rejection.
 */
export async function checkBitcoinAttestation(question: BitcoinAttestationQuestion): Promise<BitcoinAttestationCheck> {
  const { message, height, sources } = question;
  if (message.length !== 32) {
    const text = `The attested message has ${message.length} bytes; the Merkle root of a block has 32.`;
    return { status: 'failed', finding: 'message-not-32-bytes', message: text, height, notes: [] };
  }
  const answers = await Promise.all(sources.map((source) => ask(source, message, height)));
  const notes = answers.map((answer) => answer.note);
  const headers = answers.flatMap((answer) => answer.header ?? []);
  const first = headers[0];
  if (first === undefined) {
    const expectation = `compare by hand: block ${height} must have the Merkle root ${displayHash(message)}`;
    return sources.length === 0
      ? {
          status: 'unavailable',
          finding: 'no-source',
          message: `No source of block headers; ${expectation}.`,
          height,
          notes,
        }
      : {
          status: 'unavailable',
          finding: 'no-answer',
          message: `No source gave a header; ${expectation}.`,
          height,
          notes,
        };
  }

  const networks = new Set(notes.flatMap((note) => note.network ?? []));
  const [network] = networks;
  if (networks.size > 1 || headers.some((header) => !equalHashes(header.hash, first.hash))) {
    const text = `The sources name different blocks at height ${height}, so none of them can be relied on.`;
    return { status: 'unavailable', finding: 'sources-disagree', message: text, height, notes };
  }
  const blockHash = displayHash(first.hash);
  const common = { height, blockHash, ...(network === undefined ? {} : { network }), notes };
  return equalHashes(first.merkleRoot, message)
    ? {
        status: 'passed',
        finding: 'merkle-root-matches',
        message: `The message is the Merkle root of block ${height}.`,
        time: first.time,
        ...common,
      }
    : {
        status: 'failed',
        finding: 'merkle-root-differs',
        message: `The message is not the Merkle root of block ${height}, which is ${displayHash(first.merkleRoot)}.`,
        ...common,
      };
}

async function ask(source: BlockSource, message: Uint8Array, height: number): Promise<Answer> {
  try {
    const bytes = await source.header(height);
    const network = await networkOf(source);
    const header = parseHeaderAt(bytes, height, network === undefined ? undefined : NETWORKS[network]);
    const matches = equalHashes(header.merkleRoot, message);
    const text = `Block ${height} has ${matches ? 'the' : 'another'} Merkle root.`;
    const note = {
      source: source.name,
      outcome: matches ? ('matches' as const) : ('differs' as const),
      message: text,
      blockHash: displayHash(header.hash),
      ...(network === undefined ? {} : { network }),
    };
    return { note, header };
  } catch (error) {
    return { note: { source: source.name, ...failure(source, error) } };
  }
}

/** A source that cannot tell its network is still worth its header: the network is then unknown. */
async function networkOf(source: BlockSource): Promise<NetworkName | undefined> {
  if (source.network === undefined) return undefined;
  try {
    return await source.network();
  } catch (error) {
    if (error instanceof BlockSourceError) return undefined;
    throw error;
  }
}

function failure(source: BlockSource, error: unknown): Pick<SourceNote, 'outcome' | 'message'> {
  if (error instanceof BlockSourceError) return { outcome: error.code, message: error.message };
  if (error instanceof BitcoinError) return { outcome: 'bad-answer', message: `${source.name}: ${error.message}` };
  // A source that is not from this library may reject with anything; its text is not ours to repeat.
  return { outcome: 'unreachable', message: `${source.name}: expected a header, got an error` };
}
