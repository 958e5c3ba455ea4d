import type { Proof } from '../proof.js';

/** A file for other programs. */
export interface ExportFile {
  name: string;
  content: string | Uint8Array;
}

/** Files, and what to do with them: lines of a guide in English, commands indented. */
export interface ExportPart {
  files: ExportFile[];
  lines: string[];
}

/** Of the whole proof, what exports may need beside it. */
export interface ExportAccess {
  readonly proof: Proof;
  /** SHA-256 of the document. */
  readonly documentDigest: Uint8Array | undefined;
  /** The document's name as a shell takes it. */
  readonly documentName: string;
  readonly now: Date;
}

/** An attestation, and its checkpoint, which other parts export. */
export interface ExportedAttestation<Attestation> {
  readonly attestation: Attestation;
  /** Root of the log, 32 bytes. */
  readonly root: Uint8Array;
  /** What the checkpoint's files are called, up to the dot: the attestation's own begin with it. */
  readonly checkpointName: string;
  /** Tells those of several attestations of one type apart: empty for the first, then `-2` and so on. */
  readonly suffix: string;
}

/** What one kind of attestation gives stock tools, with the commands that check it. What cannot be read gives no files and says why. */
export interface AttestationExport<Attestation> {
  /** All attestations of a proof together. */
  ofProof?(access: ExportAccess): ExportPart;
  /** One of them. */
  ofAttestation?(exported: ExportedAttestation<Attestation>, access: ExportAccess): ExportPart | Promise<ExportPart>;
}
