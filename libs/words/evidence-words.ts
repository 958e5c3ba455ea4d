/** Why a file stays as it is although evidence was to have its name: what is there. */
export type OtherEvidence =
  | 'no-file'
  | 'other-timestamp'
  /** A proof of the same record that does not hold; why not follows. */
  | 'not-holding'
  | 'other-record'
  /** Of the same record, with another history of the log. */
  | 'other-history'
  /** Of the same record, and too large together with the new one. */
  | 'too-large-together'
  /** A log proof of the same entry that shows more. */
  | 'shows-more'
  | 'no-proof-inside'
  | 'other-document-inside'
  | 'other-proof-inside';

/** Why a proof cannot be put into its document. */
export type EmbeddingObstacle = 'unknown-kind' | 'no-end' | 'signed' | 'embedded' | 'too-large';

/** What one language says of evidence, its files, and what became of what was submitted. Files, records and services come as they are named. */
export interface EvidenceWords {
  wrote: (file: string) => string;
  exported: (count: number, folder: string) => string;
  /** It holds all of it already. */
  unchanged: (file: string) => string;
  /** The name was to be that of evidence. `what`: the sentence that says what is there. */
  taken: (file: string, what: string) => string;
  there: Record<OtherEvidence, string>;
  /** An input, by the name under which it was read. */
  inputThere: (file: string) => string;
  proofThere: (record: string) => string;
  /** Why a proof cannot be put into the document, and what can be done. */
  embedding: Record<EmbeddingObstacle, (file: string) => string>;
  /** Why no code for print can be made of the document, and what can be done. */
  code: Record<'tooLarge' | 'noText', (file: string) => string>;
  noSalt: string;
  /** `what`: the sentence that says what the file is. */
  noProof: (file: string, what: string) => string;
  /** Why not follows. */
  notHolding: (record: string) => string;
  /** By the service. */
  otherThanAsked: (record: string, got: string) => string;
  unknown: (file: string, service: string) => string;
  /** Beside the one before. */
  needsSalt: string;
  /** Several records have the digest of a document; `more`: there are others still. */
  several: (count: number, more: boolean, oldest: string, others: readonly string[]) => string;
  notSealed: (record: string) => string;
  /** Why no OpenTimestamps file can be made. */
  noTimestamp: Record<'no-sha256' | 'no-attestation' | 'too-deep' | 'wrong-document', string>;
  notSealedInTime: string;
  notAnchoredInTime: string;
  passedOver: (file: string) => string;
  failed: (what: string, why: string) => string;
  rejected: (why: string) => string;
  /** The reference belongs to a record with other terms. */
  otherTerms: (reference: string, record: string) => string;
  submitted: {
    accepted: (accepted: number, of: number, service: string, earlier: number) => string;
    /** How much was submitted, and how long it took; the numbers come written. */
    amount: (megabytes: string, seconds: string) => string;
    receipts: (folder: string) => string;
    proofs: (count: number) => string;
    /** Something else has the name that a proof would have had. */
    proofElsewhere: (usual: string, path: string) => string;
    failed: (count: number) => string;
    stopped: (accepted: number, of: number, folder: string) => string;
  };
  /** Of a page of one file that was written: how to see that a service published it. */
  pageDigest: string;
  /** A change of status was taken: when it is in the log, and where the receipt is. */
  changed: (record: string, status: string, includeBy: string, receipt: string) => string;
}
