import type { UndecidedCause } from '#proof/undecided.js';
import type { CheckCode, CheckStatus, Verdict } from '#proof/verdict.js';
import type { IconName } from '../icon.js';

/** Numbers and words that a check carries along. */
export type CheckData = Readonly<Record<string, string | number>>;

/** What one check asks and, for each outcome, its answer in one plain sentence. */
export interface CheckWords {
  title: Sentence;
  sentences: Record<CheckStatus, Sentence>;
  /** Status words where the general ones would mislead. */
  statuses?: Partial<Record<CheckStatus, string>> | undefined;
}

/** A sentence, or one that depends on what the check found. */
export type Sentence = string | ((data: CheckData, format: Format) => string);

/** How a language writes dates, numbers and sizes. */
export interface Format {
  date(time: string | number): string;
  number(value: number): string;
  bytes(count: number): string;
}

/** A heading, what it means, and what to do next. */
export interface Notice {
  title: string;
  text: string;
}

/** Every word on the page, in one language. Functions take what varies. */
export interface Catalogue {
  /** BCP 47 tag, for `lang`. */
  tag: string;
  /** BCP 47 tag for dates, numbers and sizes. */
  locale: string;
  /** The language's own name. */
  ownName: string;
  page: {
    title: string;
    skip: string;
    brand: string;
    languages: string;
    heading: string;
    lead: string;
    footer: string;
    footerLinks: { api: string; log: string };
  };
  intake: {
    label: string;
    hint: string;
    choose: string;
    dropNow: string;
    privacy: string;
    files: string;
    roles: Record<'document' | 'proof' | 'ots', string>;
    remove: (name: string) => string;
    startOver: string;
    addProof: string;
    tooManyDocuments: string;
    tooManyProofs: string;
  };
  progress: {
    hashing: string;
    hashed: (done: string, total: string) => string;
    searching: string;
    verifying: string;
    cancel: string;
  };
  needDocument: Notice;
  choosing: Notice & { since: (date: string) => string };
  notFound: Notice & { reasons: string[]; digest: string; otsMatches: string; otsDiffers: string };
  waiting: { text: string };
  unreachable: { text: string };
  badProof: { text: string; newer: string };
  badDocument: Record<'no-hasher' | 'unreadable-file', Notice>;
  verdict: {
    region: string;
    titles: Record<Verdict, string>;
    badges: Record<Verdict, string>;
    sentences: Record<Exclude<Verdict, 'unavailable'>, string>;
    undecided: Record<UndecidedCause, string>;
    documentDiffers: string;
    proofBroken: string;
    signerDiffers: string;
    testChain: (network: string) => string;
    testEvmChain: (network: string) => string;
    foreignChain: (network: string) => string;
    unknownChain: string;
    withoutProof: string;
    again: string;
    refreshing: string;
    refreshed: string;
  };
  facts: {
    agency: string;
    existedBefore: string;
    noLaterThan: (date: string) => string;
    /** Bitcoin's. */
    block: (height: string) => string;
    blockOf: (height: string, chain: string) => string;
    timeStampOf: (authority: string) => string;
    notFinal: string;
    sealed: string;
    noEarlierThan: (date: string) => string;
    /** Of a chain whose times prove nothing outside a test. */
    testChain: string;
    /** When the sealing comes out later than the time by which the document existed. */
    contradiction: (place: string) => string;
    receivedAt: string;
    notAnchored: string;
    /** When its anchors could not be checked. */
    notChecked: string;
    profile: string;
    profiles: Record<string, string>;
    reference: string;
    current: string;
    currentStates: Record<'current' | 'until' | 'expired' | 'not-yet', (date: string) => string>;
    signer: string;
    signerVouched: (host: string) => string;
    signerUnchecked: string;
  };
  checks: {
    heading: string;
    summary: (passed: number, total: number) => string;
    statuses: Record<CheckStatus, string>;
    technical: string;
    byCode: Record<CheckCode, CheckWords>;
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
      | 'blinded'
      | 'block'
      | 'merkleRoot'
      | 'genesis'
      | 'transaction'
      | 'timeStamp'
      | 'accuracy'
      | 'rootCertificate'
      | 'beacon'
      | 'headerSource',
      string
    >;
    digests: string;
    claims: string;
    downloads: string;
    downloadProof: string;
    downloadOts: string;
    downloadRecordInBatch: string;
    downloadBatchInLog: string;
    downloadCheckpoint: string;
    downloadTimeStamp: string;
    downloadTimeStampChain: string;
    repeat: string;
    repeatLead: string;
    steps: {
      hash: string;
      ots: string;
      cli: string;
      block: (height: string) => string;
      noBlock: string;
      evm: (height: string, chain: string) => string;
      timeStamp: string;
      timeStampExpired: string;
    };
    copy: string;
    copied: string;
  };
}

/** Icon of each check status. */
export const STATUS_ICONS: Record<CheckStatus, IconName> = {
  passed: 'passed',
  failed: 'failed',
  pending: 'pending',
  unavailable: 'unavailable',
  'not-applicable': 'not-applicable',
};
