import { fileURLToPath } from 'node:url';
import { base64 } from '@scure/base';
import { expect, it } from 'vitest';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import { readTimeStamps } from '#proof/testing/time-stamps.js';
import type { attestationParts } from './attestation.js';
import type { parseTrustedRoots } from './trusted-roots.js';
import type { verifyTimeStampToken } from './verify-token.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    attestationParts: typeof attestationParts;
    parseTrustedRoots: typeof parseTrustedRoots;
    verifyTimeStampToken: typeof verifyTimeStampToken;
  };
  const { text, root, attestations } = readTimeStamps();
  const verified = await library.verifyTimeStampToken({
    ...library.attestationParts(attestations.good),
    message: new TextEncoder().encode(text),
    trusted: library.parseTrustedRoots([base64.decode(root)]),
    now: new Date('2026-04-01T00:00:00Z'),
    subtle: globalThis.crypto.subtle,
  });
  expect(verified).toMatchObject({ status: 'trusted', revocation: 'good', expiredNow: false });
});
