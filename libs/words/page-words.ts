import type { EmbedErrorCode } from '#embed/error.js';
import type { KeptFileId } from '#proof/anchors/formats.js';

/** The files that a page offers to keep. */
export type KeptFile = 'proof' | 'record-in-batch' | 'batch-in-log' | KeptFileId;

/** A point in the life of a record. */
export type TimelinePoint =
  | 'not-before'
  | 'received'
  | 'sealed'
  | 'not-after'
  | 'valid-from'
  | 'changed'
  | 'status'
  | 'valid-until'
  | 'looked-at';

/** A heading, what it means, and what to do next. */
export interface Notice {
  title: string;
  text: string;
}

/** The words of the service's page that are no part of an answer. Functions take what varies. */
export interface PageWords {
  page: {
    title: string;
    /** For a browser that does not run the page, or got only a part of it; and the name of what works there. */
    withoutScript: string;
    withoutScriptLink: string;
    skip: string;
    brand: string;
    /** Where a page on paper is from, and when it was printed. */
    printed: (place: string, time: string) => string;
    languages: string;
    heading: string;
    lead: string;
    footer: string;
    footerLinks: { api: string; log: string; explorer: string; offline: string; operator: string };
  };
  intake: {
    label: string;
    hint: string;
    choose: string;
    dropNow: string;
    privacy: string;
    files: string;
    roles: Record<'document' | 'proof' | 'ots' | 'digest', string>;
    remove: (name: string) => string;
    startOver: string;
    addDocument: string;
    addProof: string;
    folder: string;
    /** What is typed or pasted in the place of a file. */
    paste: Record<'open' | 'label' | 'check', string>;
    /** A code in a picture, or before a phone's camera. */
    scan: Record<'open' | 'compare' | 'comparePage', string> & {
      /** That the answer is about a code on a page of a file. */
      onPage: (page: string) => string;
      camera: Record<'start' | 'stop' | 'on' | 'denied' | 'missing', string>;
    };
    /** Why something was not taken. */
    refusals: Record<'too-many-proofs' | 'no-code' | 'other-code' | 'no-reader', string>;
  };
  progress: {
    hashing: string;
    hashed: (done: string, total: string) => string;
    searching: string;
    looking: string;
    verifying: string;
    cancel: string;
  };
  needDocument: Notice;
  choosing: Notice & { since: (date: string) => string; more: (count: string) => string };
  notFound: Notice & {
    reasons: string[];
    digest: string;
    otsMatches: string;
    otsDiffers: string;
    /** What came of the search for a code on the pages of a PDF. */
    pages: Record<'none' | 'encrypted' | 'unreadable' | 'too-much' | 'not-here', string> & {
      some: (looked: string, of: string) => string;
    };
  };
  waiting: Notice;
  /** How long things took here: half of the cases, nine in ten, and how many were measured. */
  usual: {
    heading: string;
    sealing: (half: string, most: string, count: string) => string;
    anchor: (anchor: string, half: string, most: string, count: string) => string;
  };
  unreachable: Notice;
  badDocument: Record<'no-hasher' | 'unreadable-file', Notice>;
  result: {
    region: string;
    withoutProof: string;
    again: string;
    refreshing: string;
    refreshed: string;
    /** Before the reasons why a document may differ. */
    causes: string;
    /** Before the checks that failed, or that could not be made. */
    failed: string;
    undecided: string;
    /** Downloads: the part of a file that was registered, the document with the proof in it, the proof alone. */
    registeredPart: string;
    withProof: string;
    proofAlone: string;
    copyLink: string;
    /** Why a proof could not be put into a document, and what to do instead. */
    /** Why a proof cannot stand inside the document. */
    cannotEmbed: Record<EmbedErrorCode, string>;
    /** What was done instead; follows why. */
    inContainer: string;
    /** What can be done instead; follows why. */
    keepBeside: string;
    /** Beside a code in print. */
    printedCode: string;
  };
  /** Many documents in a table. */
  many: {
    heading: (count: string) => string;
    progress: (done: string, total: string) => string;
    table: string;
    columns: Record<'file' | 'result' | 'when' | 'who', string>;
    filter: string;
    all: string;
    csv: string;
    /** Name of that file. */
    csvName: string;
    print: string;
    back: string;
  };
  timeline: {
    heading: string;
    /** What the picture shows, for those who do not see it: the number of its points. */
    picture: (points: string) => string;
    names: Record<TimelinePoint, string>;
  };
  /** The way from the document to the anchors. */
  path: {
    heading: string;
    lead: string;
    /** What the picture shows, for those who do not see it: the number of its steps. */
    picture: (steps: string) => string;
    /** The steps before the anchors, which have titles of their own; of some the number of the batch, or the size of the log. */
    steps: Record<'document' | 'entry' | 'batch' | 'log', (number: string) => string>;
    /** So many hashes that stand beside the step on the way to the next. */
    beside: (count: string) => string;
  };
  checks: {
    heading: string;
    summary: (passed: number, total: number) => string;
    technical: string;
  };
  details: {
    heading: string;
    identifiers: string;
    names: Record<
      | 'id'
      | 'agency'
      | 'profile'
      | 'receivedAt'
      | 'logOrigin'
      | 'logKey'
      | 'batch'
      | 'sealedAt'
      | 'position'
      | 'blinded',
      string
    >;
    digests: string;
    claims: string;
    downloads: string;
    /** Of each file that can be kept, what it is and how its name ends. */
    kept: Record<KeptFile, string>;
    repeat: string;
    repeatLead: string;
    steps: {
      hash: string;
      cli: string;
      noBlock: string;
    };
    copy: string;
    copied: string;
  };
}
