import { bytesToHex } from '@noble/hashes/utils.js';
import { knownChain } from '#evm/chain.js';
import type { EvmSource, EvmSourceBlock } from './evm-source.js';
import { EVM_HASH_BYTES } from '#evm/header.js';
import type { Silence } from './answer.js';
import { depthOf } from './bitcoin-witness.js';
import type { EvmQuestion } from './question.js';
import { once, onceEach, type Testimony } from './testimony.js';

/** Last millisecond that RFC 3339 can write: the end of the year 9999. */
const MAX_TIME_MS = 253_402_300_799_999;

/** What an EVM source says to each question; it is asked once for each thing. Never rejects. */
export function evmWitness(source: EvmSource): (question: EvmQuestion) => Promise<Testimony> {
  const { name } = source;
  const chainId = once(name, () => source.chainId());
  const finalized = once(name, () => source.finalizedNumber?.());
  const latest = once(name, () => source.latestNumber?.());
  const blockAt = onceEach(name, (height) => source.block(height));

  return async ({ chainId: id, genesis, height, expected, hashesAsEthereum = false }) => {
    const silence = (reason: Silence['reason'], detail: string): Testimony => ({
      kind: 'silence',
      source: name,
      reason,
      detail,
    });
    const [served, first] = await Promise.all([chainId(), blockAt(0)]);
    if (served.fault !== undefined) return silence(served.fault.reason, served.fault.detail);
    if (!Number.isSafeInteger(served.value)) return silence('bad-answer', 'expected a chain id, got something else');
    if (served.value !== id) return silence('other-chain', `serves chain ${served.value}, not ${id}`);
    if (first.fault !== undefined) {
      // That block 0 is missing says nothing about the block asked about.
      const reason = first.fault.reason === 'no-such-block' ? 'unknown-chain' : first.fault.reason;
      return silence(reason, `${first.fault.detail}, so it is not known which chain of id ${id} this is`);
    }
    const begun = hashOf(first.value);
    if (begun === null) return silence('bad-answer', 'expected a hash of block 0 of 32 bytes, got something else');
    const meant = genesis ?? knownChain(id)?.genesis ?? null;
    if (meant !== null && begun !== meant)
      return silence('other-chain', `serves another chain of id ${id}, whose block 0 is 0x${begun}`);

    const [shown, final, newest] = await Promise.all([blockAt(height), finalized(), latest()]);
    if (shown.fault !== undefined) return silence(shown.fault.reason, shown.fault.detail);
    const hash = hashOf(shown.value);
    if (hash === null)
      return silence('bad-answer', `expected a hash of block ${height} of 32 bytes, got something else`);
    if (height !== 0 && hash === begun) return silence('bad-answer', `shows block 0 as block ${height}`);
    if (hashesAsEthereum && height > 0 && shown.value.hashFits === false)
      return silence('bad-answer', `gives block ${height} a hash that its header does not have`);
    const { timeMs } = shown.value;
    if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME_MS)
      return silence('bad-answer', `expected a time of block ${height} that dates can express, got another`);
    if (expected?.hash === hash && expected.timeMs !== undefined && expected.timeMs !== timeMs)
      return silence('bad-answer', `gives block ${height} another time than its header has`);
    return {
      kind: 'block',
      source: name,
      block: { height, hash, timeMs, chain: { kind: 'evm', chainId: id, genesis: begun } },
      expected: expected === null || expected.hash === hash,
      depth: newest.fault === undefined ? depthOf(height, newest.value) : null,
      finalHeight: final.fault === undefined && Number.isSafeInteger(final.value) ? final.value! : null,
      unsure: final.fault,
    };
  };
}

/** Hex of a block's hash; null when it is none. */
function hashOf(block: EvmSourceBlock | undefined): string | null {
  const hash: unknown = block?.hash;
  return hash instanceof Uint8Array && hash.length === EVM_HASH_BYTES ? bytesToHex(hash) : null;
}
