import { type ByteSource, joined, memorySource } from './byte-source.js';
import type { Carrier, Embedding } from './carrier.js';
import { nameInContainer, planContainer } from './container.js';
import { EmbedError } from './error.js';
import { carrierOf, findEmbedded } from './find-embedded.js';
import { ascii } from './format.js';
import { PDF } from './pdf.js';
import { includes } from './search.js';

/** Every signature in a PDF has one (ISO 32000-1 §12.8.1). It is never encrypted, nor may it stand in a compressed object. */
const SIGNATURE_KEY = ascii('/ByteRange');

/** What a caller may allow. */
export interface EmbedOptions {
  /** Add to a PDF that is signed, too: some readers then say that it was changed after it was signed. */
  signed?: boolean | undefined;
  /** Put document and proof into a container, the document under this name. A document of any kind can be put there. */
  container?: string | undefined;
}

/**
 * How a document with a proof in it is made. `proof`: the bytes of its canonical text. Reads a PDF once to look for signatures, and of a ZIP file
 * only the end.
 *
 * @throws EmbedError
 */
export async function planEmbedding(
  document: ByteSource,
  proof: Uint8Array,
  { container, signed = false }: EmbedOptions = {},
): Promise<Embedding> {
  if ((await findEmbedded(document)) !== undefined) {
    const message = 'Putting a proof into a document: expected one without a proof in it, got one with a proof';
    throw new EmbedError('embedded', message);
  }
  if (container !== undefined) return planContainer(document, proof, nameInContainer(container));
  const carrier = await carrierOf(document);
  if (carrier === undefined) {
    const message = 'Putting a proof into a document: expected a PDF or a ZIP file, got something else';
    throw new EmbedError('unknown-kind', message);
  }
  if (!signed) await refuseSigned(carrier, document);
  return carrier.embed(document, proof);
}

/** The document with the proof in it, in memory. @throws EmbedError as {@link planEmbedding} */
export async function embed(document: Uint8Array, proof: Uint8Array, options?: EmbedOptions): Promise<Uint8Array> {
  const { head, kept, tail } = await planEmbedding(memorySource(document), proof, options);
  return joined(head, document.subarray(0, kept), tail);
}

async function refuseSigned(carrier: Carrier, document: ByteSource): Promise<void> {
  if (carrier !== PDF || !(await includes(document, SIGNATURE_KEY))) return;
  const message = 'Putting a proof into a PDF: expected one without a signature, got one with a signature';
  throw new EmbedError('signed', message);
}
