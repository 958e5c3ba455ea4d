import type { ByteSource } from './byte-source.js';

/** The kinds of documents that a proof can be put into. */
export type CarrierName = 'pdf' | 'zip';

/** How a file with a proof in it is made of a document: its first `kept` bytes, then `tail`. */
export interface Embedding {
  carrier: CarrierName;
  /** Bytes of the document that stay. */
  kept: number;
  tail: Uint8Array;
}

/** A proof that stands in a file, and the document that it says it is the proof of. */
export interface Embedded {
  carrier: CarrierName;
  /** The document is the first `kept` bytes of the file, and then `ending`. */
  kept: number;
  ending: Uint8Array;
  /** As it stands in the file: whether it is a proof, and whose, is not looked at here. */
  proof: Uint8Array;
  /** Whether the file is that document with that proof and nothing else, byte for byte. Only then may a verdict be about the document. */
  exact: boolean;
}

/** One kind of document that a proof can be put into. */
export interface Carrier {
  name: CarrierName;
  /** What a file of this kind begins with. */
  magic: Uint8Array;
  /** How far before the end of the mark what belongs to it begins, in bytes. */
  markOffset: number;
  /** @throws EmbedError `no-end`, `has-comment`, `too-large` */
  embed(document: ByteSource, proof: Uint8Array): Promise<Embedding>;
  /** The proof at the end of a file, where it is exact; reads a bounded part of the file, from its end. */
  findAtEnd(file: ByteSource): Promise<Embedded | undefined>;
  /** The proof whose mark stands at a place, whatever follows it. */
  findAt(file: ByteSource, place: number): Promise<Embedded | undefined>;
}
