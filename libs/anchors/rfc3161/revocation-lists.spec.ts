import { describe, expect, it } from 'vitest';
import type { Certificate } from '#tsp/certificate.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { fetchRevocationLists } from './revocation-lists.js';

/** As much of a chain as fetching looks at: a signer with these addresses, and a root. */
const chainWith = (...revocationLists: string[]) =>
  [{ extensions: { revocationLists } }, { extensions: { revocationLists: [] } }] as unknown as Certificate[];
const list = Uint8Array.of(0x30, 0);

/** Fetches with servers that answer each address with a list that is used, or not. */
async function fetched(chain: Certificate[], unusedRevocations: number[] = []) {
  const asked: string[] = [];
  const result = await fetchRevocationLists(
    chain,
    () => Promise.resolve({ unusedRevocations } as unknown as VerifiedToken),
    {
      fetch: (address) => {
        asked.push(address as string);
        return Promise.resolve(new Response(list));
      },
      timeoutMs: 1000,
      now: () => new Date(),
    },
  );
  return { ...result, asked };
}

describe('fetching revocation lists', () => {
  it('passes over what is no address', async () => {
    const malformed = ['http://[', 'http://crl.example:99999/one.crl'];
    expect(await fetched(chainWith(...malformed))).toMatchObject({ named: false, asked: [], lists: [], failures: [] });
    const good = 'http://crl.example/one.crl';
    expect(await fetched(chainWith(...malformed, good))).toMatchObject({ named: true, asked: [good], lists: [list] });
  });

  it('keeps no list that says nothing for the chain', async () => {
    expect(await fetched(chainWith('http://crl.example/one.crl'), [0])).toMatchObject({
      lists: [],
      failures: [
        { name: 'crl.example/one.crl', failure: expect.stringContaining('none of the authorities') as string },
      ],
    });
  });
});
