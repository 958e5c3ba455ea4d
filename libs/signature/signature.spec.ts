import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { base64urlnopad } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeSha256Into } from '#sealing/native-sha256.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import { parseRelianceStatement } from '#statement/reliance-statement.js';
import { parseStatement } from '#statement/statement.js';
import { parseStatusStatement } from '#statement/status-statement.js';
import { jwkText, keyIdOf, parsePublicKey, possessionText } from './agency-key.js';
import { signAlone, signGroup } from './sign.js';
import { groupText, signingInput } from './signing-input.js';
import { verifyAgencySignature } from './verify.js';
import vectors from './vectors/signature.json' with { type: 'json' };

const PARSERS: Record<string, (value: unknown) => { agency: string; agencySignature?: AgencySignature | undefined }> = {
  record: parseStatement,
  status: parseStatusStatement,
  reliance: parseRelianceStatement,
};
/** A statement of any kind, read as strictly as a verifier reads it. */
const read = (statement: object) =>
  PARSERS[(statement as { kind: string }).kind]!(statement) as { agency: string; agencySignature: AgencySignature };
const pair = generateKeyPairSync('ed25519');
const publicKey = parsePublicKey(pair.publicKey.export({ format: 'jwk' }).x!);
const signer = { key: keyIdOf(publicKey), sign: (message: Uint8Array) => sign(null, message, pair.privateKey) };

describe('signatures made by Python and openssl', () => {
  for (const { about, statement, publicKey: key, fault, signed } of vectors.cases) {
    it(`${about}: ${fault ?? 'holds'}`, () => {
      expect(verifyAgencySignature(read(statement), parsePublicKey(key))).toBe(fault);
      if (fault !== null) return;
      const grouped = 'group' in statement.agencySignature;
      if (!grouped) expect(signingInput(statement)).toBe(signed);
      const spki = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
      const value = Buffer.from(statement.agencySignature.value, 'base64url');
      expect(verify(null, Buffer.from(signed), spki, value)).toBe(true);
    });
  }

  it('are by the key of this id, of which possession is shown by such a text', () => {
    const { key, possession } = vectors;
    const bytes = parsePublicKey(key.publicKey);
    expect(jwkText(bytes)).toBe(key.jwk);
    expect(keyIdOf(bytes)).toBe(key.id);
    expect(possessionText(possession.agency, possession.origin, bytes)).toBe(possession.text);
  });
});

describe('a public key', () => {
  for (const { about, text } of vectors.badKeys) {
    it(`is not ${about}`, () => {
      expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code: 'bad-key' }));
    });
  }
});

describe('what is signed here', () => {
  const line = (i: number) => ({ v: 1, kind: 'record', agency: 'a.example', digests: { sha256: 'ab'.repeat(32) }, i });

  it('holds for each line of a group of any size, and for no other line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.nat(), async (size, seed) => {
        const lines = Array.from({ length: size }, (_, i) => line(i));
        const signatures = await signGroup('a.example', lines.map(signingInput), signer, nativeSha256Into);
        const index = seed % size;
        const agencySignature = signatures[index]!;
        expect(verifyAgencySignature({ ...lines[index]!, agencySignature }, publicKey)).toBeNull();
        const other = { ...line(size), agencySignature };
        expect(verifyAgencySignature(other, publicKey)).toBe('bad-signature');
      }),
      { numRuns: 40 },
    );
  });

  it('holds alone', async () => {
    const agencySignature = await signAlone(signingInput(line(1)), signer);
    expect(verifyAgencySignature({ ...line(1), agencySignature }, publicKey)).toBeNull();
  });

  it('is a group of 1 to 4096 lines', async () => {
    const [last] = (
      await signGroup(
        'a.example',
        Array.from({ length: 4096 }, (_, i) => `${i}`),
        signer,
      )
    ).slice(-1);
    expect(base64urlnopad.decode(last!.group!.path)).toHaveLength(12 * 32);
    for (const count of [0, 4097]) {
      const inputs = Array.from({ length: count }, (_, i) => `${i}`);
      await expect(signGroup('a.example', inputs, signer)).rejects.toMatchObject({ code: 'bad-group' });
    }
  });

  it('is told from every other text that a key signs by its first line', () => {
    expect(groupText('a.example', 1, new Uint8Array(32)).startsWith('sealroot/group@1\n')).toBe(true);
    expect(possessionText('a.example', 'o', publicKey).startsWith('sealroot/signing-key@1\n')).toBe(true);
    expect(signingInput(line(1)).startsWith('{')).toBe(true);
  });
});

describe('the worked example', () => {
  it('holds', async () => {
    const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
    const [alone] = vectors.cases;
    const { key, possession } = vectors;
    const group = vectors.cases.find(({ about }) => about === 'number 1 of a group of 2')!;
    const parts = [key.jwk, key.id, alone!.signed, alone!.statement.agencySignature.value, possession.value];
    const lines = [...group.signed.trimEnd().split('\n'), ...possession.text.trimEnd().split('\n')];
    for (const text of [...parts, ...lines]) expect(readme).toContain(text);
  });
});
