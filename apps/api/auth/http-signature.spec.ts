import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  HttpSignatureError,
  readContentDigest,
  readSignature,
  signatureBase,
  type SignedMessage,
} from './http-signature.js';
import { type InnerList, parseDictionary } from './structured-fields.js';

describe('the signature base', () => {
  // RFC 9421, appendix B.1.4 (test-key-ed25519), B.2 (test-request) and B.2.6.
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs' },
    format: 'jwk',
  });
  const message: SignedMessage = {
    method: 'POST',
    authority: 'example.com',
    path: '/foo',
    query: '?param=Value&Pet=dog',
    rawHeaders: [
      ['Host', 'example.com'],
      ['Date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
      ['Content-Type', 'application/json'],
      ['Content-Length', '18'],
    ].flat(),
  };
  const input =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const signature = Buffer.from(
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    'base64',
  );

  it('is that of RFC 9421 B.2.6, which its signature signs', () => {
    const base = signatureBase(parseDictionary(`sig-b26=${input}`).get('sig-b26') as InnerList, message);
    expect(Buffer.from(base).toString().split('\n')).toEqual([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      `"@signature-params": ${input}`,
    ]);
    expect(verify(null, base, key, signature)).toBe(true);
  });

  it('joins the lines of a field, without blanks at their ends, and keeps their bytes', () => {
    const twice = { ...message, rawHeaders: ['X-A', ' 1 ', 'x-b', 'é', 'x-a', '\t2,  3'] };
    const base = signatureBase(parseDictionary('s=("x-a" "x-b")').get('s') as InnerList, twice);
    expect(Buffer.from(base).toString('latin1')).toBe('"x-a": 1, 2,  3\n"x-b": é\n"@signature-params": ("x-a" "x-b")');
  });
});

describe('the signature of a request', () => {
  const NOW = 1_800_000_000;
  const { privateKey } = generateKeyPairSync('ed25519');
  const parts = {
    components: ['"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"', '"content-type"'],
    parameters: {
      created: String(NOW),
      expires: String(NOW + 60),
      nonce: '"n-1"',
      keyid: '"sr_k3x9q2ab"',
      alg: '"ed25519"',
      tag: '"sealroot-submit"',
    } as Record<string, string>,
    more: [] as string[],
    label: 'sig1',
  };
  const message = (change: Partial<typeof parts> = {}): SignedMessage => {
    const { components, parameters, more, label } = { ...parts, ...change };
    const written = Object.entries(parameters).map(([name, value]) => `;${name}=${value}`);
    const signature = sign(null, Buffer.from('x'), privateKey).toString('base64');
    return {
      method: 'POST',
      authority: 'notary.example.gov',
      path: '/v1/records',
      query: '?',
      rawHeaders: [
        ['Content-Type', 'application/json'],
        ['Content-Digest', `sha-256=:${Buffer.alloc(32).toString('base64')}:`],
        ['Signature-Input', `${label}=(${components.join(' ')})${written.join('')}`],
        ['Signature', `sig1=:${signature}:`],
        more,
      ].flat(),
    };
  };
  const read = (change: Partial<typeof parts> = {}, hasBody = true) =>
    readSignature(message(change), hasBody, NOW * 1000);
  const parameters = (change: Record<string, string>) => ({ parameters: { ...parts.parameters, ...change } });
  const without = (name: string) => ({
    parameters: Object.fromEntries(Object.entries(parts.parameters).filter(([one]) => one !== name)),
  });

  it('is read with what it covers, in whatever order, and may cover more', () => {
    expect(read()).toMatchObject({ keyId: 'sr_k3x9q2ab', nonce: 'n-1' });
    const { covers } = read({ components: [...parts.components.toReversed(), '"x-more"'], more: ['X-More', 'y'] });
    expect(covers.has('x-more')).toBe(true);
    expect(read({ components: parts.components.slice(0, 4) }, false).covers.has('content-digest')).toBe(false);
  });

  it.each([
    [-300, true],
    [-301, false],
    [300, true],
    [301, false],
  ])('created %d seconds from now is taken: %s', (offset, isTaken) => {
    const change = parameters({ created: String(NOW + offset), expires: String(NOW + 1000) });
    if (isTaken) expect(read(change).nonce).toBe('n-1');
    else expect(() => read(change)).toThrow(HttpSignatureError);
  });

  it.each<[string, RegExp, Partial<typeof parts>]>([
    ['that has expired', /expires/, parameters({ expires: String(NOW) })],
    ['that expires before it begins', /expires/, parameters({ created: String(NOW + 60), expires: String(NOW + 60) })],
    ['of another algorithm', /alg/, parameters({ alg: '"hmac-sha256"' })],
    ['of an algorithm that is a token', /alg/, parameters({ alg: 'ed25519' })],
    ['for another purpose', /tag/, parameters({ tag: '"web-bot-auth"' })],
    ['with an empty nonce', /nonce/, parameters({ nonce: '""' })],
    ['with a nonce that is too long', /nonce/, parameters({ nonce: `"${'n'.repeat(129)}"` })],
    ['with a time that is no whole number', /created/, parameters({ created: `${NOW}.5` })],
    ['with a parameter that nobody knows', /more/, parameters({ more: '1' })],
    ...Object.keys(parts.parameters).map((name): [string, RegExp, Partial<typeof parts>] => [
      `without ${name}`,
      new RegExp(name),
      without(name),
    ]),
    ...parts.components.map((name): [string, RegExp, Partial<typeof parts>] => [
      `that does not cover ${name}`,
      new RegExp(name.slice(1, -1)),
      { components: parts.components.filter((one) => one !== name) },
    ]),
    ['that covers something twice', /once/, { components: [...parts.components, '"@path"'] }],
    ['that covers what is not there', /x-none/, { components: [...parts.components, '"x-none"'] }],
    ['that covers a part of a field', /alone/, { components: [...parts.components, '"content-type";bs'] }],
    ['that covers what is derived otherwise', /@target-uri/, { components: [...parts.components, '"@target-uri"'] }],
    ['that covers a name in capitals', /Content-Type/, { components: [...parts.components, '"Content-Type"'] }],
    ['beside another one', /exactly one/, { more: ['Signature-Input', 'sig2=("@method")'] }],
    ['that is there twice', /exactly one/, { more: ['Signature', 'sig2=:AA==:'] }],
    ['under another label', /label/, { label: 'sig2' }],
    ['that is not written well', /Signature-Input/, { components: ['"@method'] }],
  ])('%s is refused', (_, message, change) => {
    expect(() => read(change)).toThrow(HttpSignatureError);
    expect(() => read(change)).toThrow(message);
  });

  it('needs its bytes, and both of its headers', () => {
    for (const [name, value] of [
      ['Signature', 'sig1=:AAAA:'],
      ['Signature', 'sig1="x"'],
      ['Signature', 'sig1=(:AAAA:)'],
      ['Signature-Input', 'sig1=1'],
      ['Signature-Input', null],
      ['Signature', null],
    ] as const) {
      const { rawHeaders, ...rest } = message();
      const at = rawHeaders.indexOf(name);
      const changed = rawHeaders.toSpliced(at, 2, ...(value === null ? [] : [name, value]));
      expect(() => readSignature({ ...rest, rawHeaders: changed }, true, NOW * 1000), `${name}: ${value}`).toThrow(
        HttpSignatureError,
      );
    }
  });
});

describe('a Content-Digest', () => {
  const read = (text: string) =>
    Buffer.from(readContentDigest({ rawHeaders: ['content-digest', text] })).toString('hex');

  it('names the SHA-256 of a body, alone or beside others', () => {
    // RFC 9530, appendix B.1.
    const example = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';
    const hex = '44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38';
    expect(read(example)).toBe(hex);
    expect(read(`sha-512=:AAAA:, ${example}, md5=?1`)).toBe(hex);
  });

  it('is refused without one of 32 bytes', () => {
    for (const text of [
      '',
      'sha-512=:AAAA:',
      'sha-256=:AAAA:',
      'sha-256="x"',
      'sha-256',
      'sha-256=(:AAAA:)',
      'sha-256=:?:',
    ])
      expect(() => read(text), text).toThrow(HttpSignatureError);
    expect(() => readContentDigest({ rawHeaders: [] })).toThrow(HttpSignatureError);
  });
});
