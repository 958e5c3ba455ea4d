import type { ByteSource } from './byte-source.js';

/** The kinds of files that a document and its proof can be in. */
export type CarrierName = 'pdf' | 'zip' | 'container';

/** How a file with a proof in it is made of a document: `head`, the document's first `kept` bytes, `tail`. */
export interface Embedding {
  carrier: CarrierName;
  head: Uint8Array;
  /** Bytes of the document that stay. */
  kept: number;
  tail: Uint8Array;
}

/** A proof that stands in a file, and the document that it says it is the proof of. */
export interface Embedded {
  carrier: CarrierName;
  /** The document is `kept` bytes of the file, those at `from` and after it, and then `ending`. */
  from: number;
  kept: number;
  ending: Uint8Array;
  /** As it stands in the file: whether it is a proof, and whose, is not looked at here. */
  proof: Uint8Array;
  /** The document's name in a container. */
  name?: string;
  /** Whether the file is that document with that proof and nothing else, byte for byte. Only then may a verdict be about the document. */
  exact: boolean;
}

/** One kind of file that a document and its proof can be in. */
export interface Carrier {
  name: CarrierName;
  /** What a file of this kind begins with. */
  magic: Uint8Array;
  /** @throws EmbedError `no-end`, `too-large` */
  embed(document: ByteSource, proof: Uint8Array): Promise<Embedding>;
  /** The proof of a file that is exact. In a PDF or ZIP file it reads a bounded part of it, from its end. */
  findAtEnd(file: ByteSource): Promise<Embedded | undefined>;
  /** Every proof that stands in a file, exact or not, from the front. Reads the whole file. */
  remains(file: ByteSource): Promise<Embedded[]>;
}
