import { describe, expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { linkTo, readFragment, readPasted } from './pasted.js';

const hex = 'aB'.repeat(32);

describe('a pasted text', () => {
  it.each([
    [hex, ['sha256', 'sha3-256', 'sm3']],
    [` ${hex}\n`, ['sha256', 'sha3-256', 'sm3']],
    [`sm3:${hex}`, ['sm3']],
    ['cd'.repeat(64), ['sha512']],
  ])('is a digest where it looks like one: %s', (text, algorithms) => {
    const given = readPasted(text);
    expect(given).toMatchObject({ algorithms: expect.arrayContaining(algorithms) as string[] });
    expect((given as { algorithms: string[] }).algorithms).toHaveLength(algorithms.length);
    expect(given).toMatchObject({ hex: expect.stringMatching(/^[0-9a-f]+$/) as string });
  });

  it.each([`md5:${hex}`, 'ab'.repeat(20), 'Licence no. 4711\n'])(
    'is a file of that text otherwise: %s',
    async (text) => {
      const given = readPasted(text) as File;
      expect([given.name, await given.text()]).toEqual(['text.txt', text]);
    },
  );

  it('is a proof where it is one, and nothing where it is empty', () => {
    expect((readPasted(sampleProof().text) as File).name).toBe('pasted.sealroot.json');
    expect(readPasted(' \n')).toBeUndefined();
  });
});

describe('a link', () => {
  it('brings a proof or a digest in its fragment', async () => {
    const { proof, text } = sampleProof();
    const link = new URL(linkTo(proof, 'https://notary.example/check?a=b'));
    expect(link.search).toBe('?a=b');
    expect(await (readFragment(link.hash) as File).text()).toBe(text);
    expect(readFragment(`#digest=sha256:${hex}`)).toEqual({ hex: hex.toLowerCase(), algorithms: ['sha256'] });
  });

  it.each(['', '#check', '#digest=hello', '#proof=', '#proof=a*b', '#proof=abcde'])(
    'brings nothing in %s',
    (fragment) => {
      expect(readFragment(fragment)).toBeUndefined();
    },
  );
});
