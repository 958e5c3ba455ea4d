import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuardedPost } from './guarded-post.js';
import { resolveByDns } from './resolve.js';
import { type NameServer, startNameServer } from './testing/name-server.js';

describe('a name', () => {
  let server: NameServer;
  const names: Record<string, string[] | null> = {
    'both.example': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
    'six.example': ['2606:2800:220:1:248:1893:25c8:1946'],
    'empty.example': [],
    'silent.example': null,
    'inward.example': ['93.184.216.34', 'fd00:0:0:0:0:0:0:1'],
  };
  beforeAll(async () => {
    server = await startNameServer((name) => names[name]);
  });
  afterAll(() => server.stop());
  const resolve = (name: string, signal = AbortSignal.timeout(5000)) => resolveByDns([server.address])(name, signal);

  it('has the addresses that its name servers tell, of both kinds, or none', async () => {
    expect(await resolve('both.example')).toEqual(names['both.example']);
    expect(await resolve('six.example')).toEqual(names['six.example']);
    expect(await resolve('empty.example')).toEqual([]);
    expect(await resolve('nowhere.example')).toEqual([]);
  });

  it('of which nobody tells anything is given up when its time is over', async () => {
    await expect(resolve('silent.example', AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'ECANCELLED' });
  });

  it('with one address inside is not connected to, and is asked for once', async () => {
    const post = createGuardedPost({ networks: [], resolve: resolveByDns([server.address]) });
    server.asked.length = 0;
    const refused = post(new URL('https://inward.example/'), {}, '', 2000);
    await expect(refused).rejects.toMatchObject({ code: 'address-refused' });
    expect(server.asked.toSorted()).toEqual(['A inward.example', 'AAAA inward.example']);
  });
});
