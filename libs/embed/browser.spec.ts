import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadInBareContext } from '#ots/testing/browser-bundle.js';
import type { memorySource } from './byte-source.js';
import type { embed } from './embed.js';
import type { findEmbedded } from './find-embedded.js';
import { SMALL_PDF } from './testing/embed-cases.js';

it('the library runs where there is no Node', async () => {
  const library = (await loadInBareContext(fileURLToPath(new URL('.', import.meta.url)))) as {
    embed: typeof embed;
    findEmbedded: typeof findEmbedded;
    memorySource: typeof memorySource;
  };
  const file = await library.embed(SMALL_PDF, Uint8Array.of(1, 2, 3));
  const found = await library.findEmbedded(library.memorySource(file));
  expect({ ...found, proof: [...found!.proof] }).toMatchObject({ kept: SMALL_PDF.length, proof: [1, 2, 3] });
});
