import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bytes, count, createEvmRpcs, hash } from './evm-rpc.js';

describe('the JSON-RPC of an EVM node', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const call = async (listener: RequestListener, credentials = '') => {
    const url = `http://${credentials}127.0.0.1:${await serve(listener)}/v3/s3cret?key=s3cret`;
    const rpc = createEvmRpcs([url], { fetch, timeoutMs: 500 })[0]!;
    expect(rpc.name).toBe(`RPC ${new URL(url).host}`);
    return rpc.call(count, 'eth_blockNumber');
  };

  it('is asked at its whole address, with its credentials in a header', async () => {
    const seen: unknown[] = [];
    const height = await call((request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.end('{"jsonrpc":"2.0","id":1,"result":"0x10"}');
    }, 'user:p%40ss@');
    expect(height).toBe(16);
    expect(seen).toEqual(['/v3/s3cret?key=s3cret', `Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
  });

  it.each<[string, RequestListener, object]>([
    [
      'its own error',
      (_, r) => r.writeHead(400).end('{"error":{"code":1,"message":"no\\nway"}}'),
      { code: 'error', message: 'no way' },
    ],
    [
      'an error without words',
      (_, r) => r.end('{"error":{}}'),
      { code: 'error', message: 'an error without a message' },
    ],
    [
      'a long error',
      (_, r) => r.end(JSON.stringify({ error: { message: 'x'.repeat(1000) } })),
      { code: 'error', message: 'x'.repeat(200) },
    ],
    ['no access', (_, r) => r.writeHead(401).end(), { code: 'refused' }],
    ['a page', (_, r) => r.end('<html>'), { code: 'bad-answer' }],
    ['a redirect', (_, r) => r.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(), { code: 'bad-answer' }],
    ['an answer of another form', (_, r) => r.end('{"result":"16"}'), { code: 'bad-answer' }],
    ['no end', (_, r) => void r.write(' '), { code: 'away' }],
    [
      'far too much',
      (_, r) => {
        const more = () => {
          while (r.write(' '.repeat(1 << 20)));
        };
        r.on('drain', more);
        more();
      },
      // Whichever bound a machine reaches first: of length or of time.
      { code: expect.stringMatching(/^(?:bad-answer|away)$/) as string },
    ],
  ])('is not believed when it gives %s', async (_, listener, expected) => {
    const error = await call(listener).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ name: 'NodeFault', method: 'eth_blockNumber', ...expected });
    expect(String(error)).not.toContain('s3cret');
  });

  it.each(['ftp://h', 'h', 'http://u:%zz@h'])('refuses the address %s', (url) => {
    expect(() => createEvmRpcs([url], { fetch, timeoutMs: 1 })).toThrow(
      expect.objectContaining({ code: 'bad-settings' }),
    );
  });

  it('gives bytes of any length that is read', async () => {
    const long = `0x${'ab'.repeat(16 * 1024 * 1024 - 100)}`;
    const port = await serve((_, response) => response.end(JSON.stringify({ result: long })));
    const rpc = createEvmRpcs([`http://127.0.0.1:${port}`], { fetch, timeoutMs: 30_000 })[0]!;
    await expect(rpc.call(hash, 'eth_sendRawTransaction')).rejects.toMatchObject({ code: 'bad-answer' });
    expect((await rpc.call(bytes, 'eth_getRawTransactionByHash')).length).toBe(long.length);
  });

  it.each(['0x0', '0xzz', '00', '0x00\n'])('takes %j for no bytes', (text) => {
    expect(bytes.safeParse(text).success).toBe(false);
  });
});
