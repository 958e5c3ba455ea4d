import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { parseDetachedFile } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { describe, expect, it } from 'vitest';
import { checkBitcoinAttestation } from './bitcoin-attestation.js';
import { displayHash } from './block-hash.js';
import { parseBlockHeader } from './block-header.js';
import { type BlockSource, BlockSourceError } from './block-source.js';
import type { NetworkName } from './network.js';
import { mineHeader } from './testing/mined-header.js';

const message = new Uint8Array(32).fill(7);
const good = mineHeader({ merkleRoot: message, time: 1_600_000_000 });
const other = mineHeader({ merkleRoot: new Uint8Array(32).fill(8) });

function source(name: string, header: Uint8Array | Error, network?: NetworkName | Error): BlockSource {
  const give = <T>(value: T | Error): Promise<T> =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  return { name, header: () => give(header), ...(network === undefined ? {} : { network: () => give(network) }) };
}

const down = new BlockSourceError('unreachable', 'd: expected an answer, got none');
const short = new BlockSourceError('no-such-block', 's: expected a block at height 9, got none');

function check(...sources: BlockSource[]) {
  return checkBitcoinAttestation({ message, height: 9, sources });
}

describe('the check of a Bitcoin attestation', () => {
  it('passes with the block’s time when all sources that answer have the Merkle root', async () => {
    const result = await check(source('a', good, 'regtest'), source('d', down), source('s', short), source('b', good));
    expect(result).toMatchObject({
      status: 'passed',
      finding: 'merkle-root-matches',
      height: 9,
      time: 1_600_000_000,
      blockHash: displayHash(parseBlockHeader(good).hash),
      network: 'regtest',
    });
    expect(result.notes.map(({ source: name, outcome }) => [name, outcome])).toEqual([
      ['a', 'matches'],
      ['d', 'unreachable'],
      ['s', 'no-such-block'],
      ['b', 'matches'],
    ]);
  });

  it('fails when all sources that answer have another Merkle root', async () => {
    const result = await check(source('a', other), source('d', down));
    expect(result).toMatchObject({ status: 'failed', finding: 'merkle-root-differs' });
    expect(result.time).toBeUndefined();
  });

  it.each([
    ['match and differ', good, other],
    ['differ in different ways', other, mineHeader({ merkleRoot: new Uint8Array(32).fill(9) })],
    ['match in different blocks', good, mineHeader({ merkleRoot: message, time: 1_600_000_001 })],
  ])('finds sources that %s to disagree, whichever comes first', async (_name, a, b) => {
    for (const sources of [
      [source('a', a), source('b', b)],
      [source('b', b), source('a', a)],
    ]) {
      expect(await check(...sources)).toMatchObject({ status: 'unavailable', finding: 'sources-disagree' });
    }
  });

  it('finds sources of different networks to disagree', async () => {
    const result = await check(source('a', good, 'regtest'), source('b', good, 'signet'));
    // The second source's header is too easy for the network it names, so only the first one's counts.
    expect(result).toMatchObject({ status: 'passed', network: 'regtest', notes: [{}, { outcome: 'bad-answer' }] });
  });

  it('is unavailable without an answer, and says what to compare by hand', async () => {
    const none = await check();
    expect(none).toMatchObject({ status: 'unavailable', finding: 'no-source', notes: [] });
    expect(none.message).toContain('block 9 must have the Merkle root 0707');
    for (const failure of [down, short, new Error('boom')]) {
      const result = await check(source('d', failure));
      expect(result).toMatchObject({ status: 'unavailable', finding: 'no-answer' });
      expect(JSON.stringify(result)).not.toContain('boom');
    }
  });

  it.each([
    ['79 bytes', good.slice(1)],
    ['no work', good.with(75, 0x1d)],
    ['an impossible target', good.with(74, 0xff)],
  ])('does not trust a source for a header with %s', async (_name, header) => {
    expect(await check(source('bad', header), source('a', good))).toMatchObject({
      status: 'passed',
      notes: [{ outcome: 'bad-answer' }, { outcome: 'matches' }],
    });
  });

  it('needs no source to refuse a message that can be no Merkle root', async () => {
    for (const length of [0, 20, 31, 33]) {
      const result = await checkBitcoinAttestation({ message: new Uint8Array(length), height: 9, sources: [] });
      expect(result).toMatchObject({ status: 'failed', finding: 'message-not-32-bytes' });
    }
  });

  it('goes on without the network of a source that cannot tell it', async () => {
    const result = await check(source('a', good, down));
    expect(result.status).toBe('passed');
    expect(result.network).toBeUndefined();
  });

  it('confirms the hello-world example of OpenTimestamps with the header of mainnet’s block 358391', async () => {
    const vectors = (file: string) =>
      JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Record<string, string>[];
    const ots = vectors('../ots/vectors/valid.json').find((vector) => vector['name'] === 'hello-world.txt.ots')!;
    const block = vectors('vectors/headers.json').find((vector) => vector['name'] === 'mainnet, block 358391')!;
    const [found] = listAttestations(parseDetachedFile(hexToBytes(ots['bytes']!)).timestamp);
    expect(found?.attestation).toEqual({ type: 'bitcoin', height: 358391 });
    const sources = [source('a', hexToBytes(block['header']!), 'mainnet')];
    expect(await checkBitcoinAttestation({ message: found!.message, height: 358391, sources })).toMatchObject({
      status: 'passed',
      time: 1432827678,
      network: 'mainnet',
      blockHash: '000000000000000003e892881a8cdcdc117c06d444057c98b6f04a9ee75a2319',
    });
  });
});
