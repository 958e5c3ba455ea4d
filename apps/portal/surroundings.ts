import type { SourceNeed } from '#proof/anchors/kinds.js';
import type { PrivateProof } from '#sdk/private-lookup.js';
import type { Verification } from '#proof/verification.js';
import type { VerifyInput } from '#proof/verify.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import type { Delays } from '#words/delays.js';
import type { Language, Place } from '#words/language.js';
import type { SpokenLanguage } from '#words/spoken.js';
import type { FileHasher } from './file-hasher.js';
import type { DocumentDigests } from './hash-file.js';
import type { Found } from './find-record.js';
import type { OtsKey } from './ots-key.js';
import type { PdfSearch } from './pdf-search.js';
import type { Stage } from './stage.js';
import type { Words } from './views/words.js';

/** Whom and what a verification goes by, beside the files themselves. */
export type Basis = Required<Pick<VerifyInput, 'trustedKeys' | 'sources' | 'timestampRoots'>>;

/** Where records are looked up, and newer proofs fetched. Everything rejects with a ServiceError where no answer comes. */
export interface Register {
  /** The records of a digest, as one of each of these algorithms. */
  findByDigest: (algorithms: readonly DigestAlgorithm[], hex: string, signal: AbortSignal) => Promise<Found>;
  /** The records of a document; `digest` computes further digests of it when they are needed. */
  findRecords: (
    sha256: Uint8Array,
    otsKey: OtsKey | undefined,
    digest: (algorithms: readonly DigestAlgorithm[]) => Promise<DocumentDigests>,
    signal: AbortSignal,
  ) => Promise<Found>;
  /** The proof of a record that carries this digest. */
  proof: (id: string, digestHex: string, signal: AbortSignal) => Promise<PrivateProof>;
  /** How long things take there; undefined where it does not say, or a verification waits for nothing there. Never rejects with a ServiceError. */
  delays: (signal: AbortSignal, verification?: Verification) => Promise<Delays | undefined>;
}

/** Looks for a printed code in a document of which nothing is recorded; absent where that is not done. */
interface Reading {
  /** `onPage` is told how many pages of how many were looked at. */
  searchPdf?:
    | ((file: Blob, onPage: (done: number, total: number) => void, signal: AbortSignal) => Promise<PdfSearch>)
    | undefined;
}

/** What is asked for what the files at hand do not say. */
export interface Asked {
  /** Absent where nobody can be asked. */
  register?: Register | undefined;
  /** What there is to go by for what a proof needs. */
  basis: (needs: readonly SourceNeed[], signal: AbortSignal) => Promise<Basis>;
  /** The same for many documents, which asks once for what they have in common. */
  once: () => Asked;
}

/** What the page has beyond the files that are checked: its service's word, or what its reader gave it. All that differs between the page of a service and the page as one file. */
export interface Outside extends Asked, Reading {
  /** How answers speak of it. */
  place: Place;
  /** Those that a reader is offered. */
  languages: readonly SpokenLanguage[];
  /** What stands at the end of the page. */
  footer: (words: Words) => HTMLElement;
  /** Where a reader gives what the page goes by; absent where that is the service's. */
  giving?: Giving | undefined;
}

/** The part of the page in which a reader gives what it goes by. */
export interface Giving {
  readonly view: HTMLElement;
  draw: (language: Language) => void;
  /** Called when there is something else to go by. */
  onChange: () => void;
}

/** What a check needs from outside. */
export interface CheckSurroundings extends Asked, Reading {
  hasher: FileHasher;
  now: () => Date;
  /** Resolves after a pause; rejects with the signal's reason when it is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told at every step where the check stands. */
  onStage: (stage: Stage) => void;
  /** Told of a code that was found in a document, which the stages that follow are about. */
  onCode?: (code: PrintedCode) => void;
}

/** A code on a page of a document. */
export interface PrintedCode {
  page: number;
  /** What it says, where it says anything. */
  text?: string | undefined;
}

/** What the whole page needs. */
export type PageSurroundings = Outside & Omit<CheckSurroundings, 'onStage' | 'onCode'>;
