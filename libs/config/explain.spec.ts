import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '#setting/config-error.js';
import { explain } from './explain.js';

describe('what is said of an error at the start', () => {
  it('is the message where the error has a code', () => {
    expect(explain(new ConfigError([{ key: 'PORT', detail: 'expected a number' }]))).toBe(
      'The configuration cannot be used:\n  PORT: expected a number',
    );
  });

  it('is the stack of a fault', () => {
    expect(explain(new TypeError('x is not a function'))).toContain('explain.spec.ts');
    expect(explain('a thrown text')).toBe('a thrown text');
  });

  it('names the address where nothing answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const second = createServer().listen(port, '127.0.0.1');
    const [taken] = (await once(second, 'error')) as [Error];
    expect(explain(taken)).toBe(`listen EADDRINUSE: address already in use 127.0.0.1:${port}: set PORT to a free one`);
    server.close();
    await once(server, 'close');
    const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [Error];
    expect(explain(refused)).toContain(`connect ECONNREFUSED 127.0.0.1:${port}: nothing answers there`);
    const both = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
    expect(explain(both)).toMatch(/^connect .*; connect .*: nothing answers there/);
  });
});
