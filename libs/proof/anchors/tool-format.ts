import type { OtsFileOptions } from '../ots-file.js';
import type { Proof } from '../proof.js';

/** One of the files of a {@link ToolFormat}. */
export interface ToolFile<Id extends string = string> {
  /** Its name in the service's `?part=`. */
  readonly part: string;
  readonly mediaType: string;
  /** What a holder should keep of the format: by which id pages name it, and what its name ends with. */
  readonly kept?: { readonly id: Id; readonly suffix: string };
}

/** What one kind of attestation says, as files that stock tools read. What makes them is loaded when it is wanted. */
export interface ToolFormat<Id extends string = string> {
  /** Its name in the service's `?format=`. */
  readonly name: string;
  /** The media type that asks for it. */
  readonly mediaType: string;
  /** In a list of what a proof can be had as, e.g. `an OpenTimestamps file`. */
  readonly title: string;
  /** The first unless another is asked for; with several, `partsTitle` says what they are. */
  readonly files: readonly ToolFile<Id>[];
  readonly partsTitle?: string;
  /** Whether a proof gives these files. */
  fits(proof: Proof): boolean;
  /** One of the files. @throws ProofError with a message for people: `no-attestation` while the proof lacks what it takes; `no-sha256`, `too-deep`
   * when this proof cannot be written so; `wrong-document` */
  make(proof: Proof, part: string, options?: OtsFileOptions): Promise<Uint8Array>;
}
