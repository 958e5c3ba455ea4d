import { describe, expect, it } from 'vitest';
import { createEvmNodeSource } from './evm-node-source.js';
import { createEsploraSource } from './esplora-source.js';
import { parseHttpAddress } from './http-answer.js';
import { cannedFetch } from './testing/canned-fetch.js';
import { quoted } from './http-answer.js';

describe('what the other side said', () => {
  it.each<[string, string, string, string]>([
    ['a sentence', 'Try again later', 'text/plain', '“Try again later”'],
    ['a sentence in Chinese', '请求过于频繁', '', '“请求过于频繁”'],
    ['lines and control characters', 'one\r\n\u0007two\u202Ethree', '', '“one two three”'],
    ['nothing', ' \n', '', 'nothing'],
    ['a page with a title', '<!DOCTYPE html><title>Sign in</title>', '', 'an HTML page, “Sign in”'],
    ['a page by its media type', '<div>hello</div>', 'text/html; charset=utf-8', 'an HTML page'],
  ])('is told of %s', (_, text, mediaType, said) => {
    expect(quoted(text, mediaType)).toBe(said);
  });

  it('is cut short', () => {
    expect(quoted('x'.repeat(1_000_000))).toBe(`“${'x'.repeat(200)}”`);
  });

  it('holds no secret of whoever asked, even when it is sent back', () => {
    const { secrets } = parseHttpAddress('https://user:p%40ss@node.example/v3/key?api=2');
    const echo = `p@ss, p%40ss, ${Buffer.from('user:p@ss').toString('base64')} at /v3/key?api=2`;
    expect(quoted(echo, '', secrets)).toBe('“…, …, … at …”');
  });

  it.each([
    [
      'a busy node',
      () => new Response('Work queue depth exceeded', { status: 503 }),
      '503, which says “Work queue depth exceeded”',
    ],
    [
      'a login page in the way',
      () => new Response('<html><title>Portal</title>', { status: 200 }),
      'got an HTML page, “Portal”',
    ],
    [
      'a refusal in an encoding of its own',
      () =>
        new Response(Uint8Array.of(0xbe, 0xdc, 0xbe, 0xf8), {
          status: 403,
          headers: { 'content-type': 'text/plain; charset=gbk' },
        }),
      '403, which says “拒绝”',
    ],
    [
      'an encoding that nobody knows',
      () => new Response('no', { status: 500, headers: { 'content-type': 'text/plain; charset=klingon' } }),
      '500, which says “no”',
    ],
  ])('is in the error for %s', async (_, answer, said) => {
    const message = expect.stringContaining(said) as string;
    const access = { url: 'https://source.example', ...cannedFetch(answer) };
    await expect(createEvmNodeSource(access).chainId()).rejects.toMatchObject({ message });
    await expect(createEsploraSource(access).header(1)).rejects.toMatchObject({ message });
  });

  it('is in the error for an error of the node, with its number', async () => {
    const error = { code: -32000, message: 'pending block is not available' };
    const node = createEvmNodeSource({
      url: 'https://node.example',
      ...cannedFetch(() => Response.json({ id: 1, error })),
    });
    await expect(node.chainId()).rejects.toThrow('RPC error -32000: “pending block is not available”');
  });
});
