import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { ask } from './ask.js';
import { merkleRoot } from '#bitcoin/merkle-branch.js';
import { createBitcoinNodeSource } from './bitcoin-node-source.js';
import { cannedFetch } from './testing/canned-fetch.js';
import { mineChain } from '#bitcoin/testing/mined-header.js';
import { type RegtestNode, startRegtestNode } from '#bitcoin/testing/regtest-node.js';
import { parseTransaction } from '#bitcoin/transaction.js';

const fails = (code: string) => expect.objectContaining({ name: 'SourceError', code });

describe('a node source on a real node', () => {
  let node: RegtestNode;
  beforeAll(async () => {
    node = await startRegtestNode(4);
  });
  afterAll(() => node.close());

  it('gives every header and the network', async () => {
    const source = createBitcoinNodeSource({ url: node.rpcUrl, fetch, network: 'regtest' });
    expect(await source.network?.()).toBe('regtest');
    for (const [height, block] of node.blocks.entries()) {
      const header = parseBlockHeader(await source.header(height));
      if (block !== undefined) expect(displayHash(header.hash)).toBe(block.rhash());
    }
  });

  it('knows a height beyond the chain from a failure', async () => {
    const source = createBitcoinNodeSource({ url: node.rpcUrl, fetch });
    await expect(source.header(5)).rejects.toThrow(fails('no-such-block'));
  });

  it('gives many headers at once, in order', async () => {
    const source = createBitcoinNodeSource({ url: node.rpcUrl, fetch, network: 'regtest' });
    const headers = await source.headers!(1, 4);
    expect(headers).toEqual(await Promise.all([1, 2, 3, 4].map((height) => source.header(height))));
    await expect(source.headers!(3, 4)).rejects.toThrow(fails('no-such-block'));
  });

  it.each([
    ['no batch', 'unreachable', () => '{"error":{"code":-32600}}'],
    ['fewer answers', 'bad-answer', () => '[]'],
    ['answers under other names', 'bad-answer', () => '[{"id":7,"result":"00"}]'],
    ['other hashes', 'bad-answer', () => '[{"id":0,"result":"00"}]'],
    ['an endless answer', 'bad-answer', () => ' '.repeat(1_000_000)],
  ])('refuses %s', async (_, code, answer) => {
    const source = createBitcoinNodeSource({ url: 'http://node', ...cannedFetch(() => new Response(answer())) });
    await expect(source.headers!(0, 1)).rejects.toThrow(fails(code));
  });

  it('tells the height of its newest block', async () => {
    expect(await createBitcoinNodeSource({ url: node.rpcUrl, fetch, network: 'regtest' }).tip?.()).toBe(4);
  });

  it('refuses the node when another network was expected', async () => {
    const source = createBitcoinNodeSource({ url: node.rpcUrl, fetch, network: 'mainnet' });
    await expect(source.header(1)).rejects.toThrow(/expected the network mainnet, got regtest/);
    await expect(source.tip?.()).rejects.toThrow(/expected the network mainnet, got regtest/);
  });

  it('is refused without its credentials, and shows none', async () => {
    const url = node.rpcUrl.replace(/\/\/.*@/, '//bitcoin:secret-word@');
    const source = createBitcoinNodeSource({ url, fetch });
    const failure: unknown = await source.header(1).catch((error: unknown) => error);
    expect(failure).toEqual(fails('unreachable'));
    expect(`${source.name} ${String((failure as Error).stack)} ${String((failure as Error).cause)}`).not.toContain(
      'secret-word',
    );
  });

  it('confirms the Merkle root of a block, reached from a transaction', async () => {
    const block = node.blocks[3]!;
    const transactions = block.txs.map((tx) => parseTransaction(new Uint8Array(tx.toRaw())));
    expect(transactions.map((tx) => displayHash(tx.txid))).toEqual(block.txs.map((tx) => tx.txid()));
    expect(transactions.map((tx) => bytesToHex(tx.stripped))).toEqual(
      block.txs.map((tx) => bytesToHex(new Uint8Array(tx.toNormal()))),
    );
    const message = merkleRoot(transactions.map((tx) => tx.txid));
    const sources = [createBitcoinNodeSource({ url: node.rpcUrl, fetch })];
    const put = (height: number) =>
      ask({ bitcoin: sources, evm: [] }, { chain: 'bitcoin', height, expected: { merkleRoot: message } });
    expect(await put(3)).toMatchObject({
      outcome: 'shown',
      block: { hash: block.rhash(), chain: { network: 'regtest' } },
      finality: 'confirmed',
      depth: 2,
    });
    expect(await put(2)).toMatchObject({ outcome: 'another' });
  });
});

describe('a node source on a node that is not well', () => {
  const chain = mineChain([new Uint8Array(32)]);
  const hash = displayHash(parseBlockHeader(chain[1]!).hash);
  const results: Record<string, unknown> = {
    getblockhash: hash,
    getblockheader: bytesToHex(chain[1]!),
    getblockchaininfo: { chain: 'regtest' },
  };

  function source(method: string, answer: () => Response, url = 'http://a:b@node.example:8332') {
    const { fetch } = cannedFetch(({ init }) => {
      const asked = (JSON.parse(init.body as string) as { method: string }).method;
      return asked === method ? answer() : Response.json({ result: results[asked], error: null, id: 'sealroot' });
    });
    return createBitcoinNodeSource({ url, fetch });
  }
  const rpcError = (code: unknown, status: number) =>
    Response.json({ result: null, error: { code, message: 'x' } }, { status });

  it('is well otherwise', async () => {
    expect(await source('none', () => new Response()).header(1)).toEqual(chain[1]);
  });

  it.each([
    ['a height out of range, with HTTP status 500', 'getblockhash', () => rpcError(-8, 500), 'no-such-block'],
    ['a node that is still loading', 'getblockhash', () => rpcError(-28, 500), 'unreachable'],
    ['an error without code', 'getblockhash', () => rpcError('x', 200), 'unreachable'],
    ['a lost block', 'getblockheader', () => rpcError(-5, 500), 'unreachable'],
    ['wrong credentials', 'getblockhash', () => new Response('', { status: 401 }), 'unreachable'],
    [
      'a full work queue',
      'getblockhash',
      () => new Response('Work queue depth exceeded', { status: 503 }),
      'unreachable',
    ],
    ['a page', 'getblockhash', () => new Response('<html>'), 'bad-answer'],
    ['a JSON array', 'getblockhash', () => Response.json([]), 'bad-answer'],
    ['a number instead of a hash', 'getblockhash', () => Response.json({ result: 5 }), 'bad-answer'],
    ['a verbose header', 'getblockheader', () => Response.json({ result: { hash } }), 'bad-answer'],
    ['another header', 'getblockheader', () => Response.json({ result: bytesToHex(chain[0]!) }), 'bad-answer'],
    ['an endless answer', 'getblockhash', () => new Response('x'.repeat(100_000)), 'bad-answer'],
    ['a redirect', 'getblockhash', () => new Response('', { status: 307 }), 'bad-answer'],
  ])('names %s', async (_name, method, answer, code) => {
    await expect(source(method, answer).header(1)).rejects.toThrow(fails(code));
  });

  it.each([
    ['a text', () => Response.json({ result: '4' }), 'bad-answer'],
    ['a height that no block has', () => Response.json({ result: 2 ** 31 }), 'bad-answer'],
    ['an error', () => rpcError(-28, 500), 'unreachable'],
  ])('names %s for the height of the newest block', async (_name, answer, code) => {
    await expect(source('getblockcount', answer).tip?.()).rejects.toThrow(fails(code));
  });

  it('does not know a network that it does not know', async () => {
    expect(
      await source('getblockchaininfo', () => Response.json({ result: { chain: 'dogecoin' } })).network?.(),
    ).toBeUndefined();
    await expect(source('getblockchaininfo', () => Response.json({ result: 'main' })).network?.()).rejects.toThrow(
      fails('bad-answer'),
    );
  });

  it('sends the credentials of its address in their header only', async () => {
    const { fetch, seen } = cannedFetch(() => Response.json({ result: hash }));
    const node = createBitcoinNodeSource({ url: 'http://__cookie__:s%40crét@node.example:8332/wallet/x', fetch });
    await node.header(1).catch(() => undefined);
    expect(seen[0]!.url).toBe('http://node.example:8332/wallet/x');
    const authorization = new Headers(seen[0]!.init.headers).get('authorization')!;
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('__cookie__:s@crét');
    expect(node.name).toBe('Bitcoin node at node.example:8332');
  });

  it('refuses an address with broken credentials without repeating them', () => {
    const make = () => createBitcoinNodeSource({ url: 'http://user:secret%zz@node.example', fetch });
    expect(make).toThrow(expect.objectContaining({ code: 'bad-url' }));
    expect(make).toThrow(/^((?!secret).)*$/);
  });
});
