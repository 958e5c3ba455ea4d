import type { Notice, PageWords } from './page-words.js';

/** Why a file is none to go by. */
export type BasisFault =
  | 'unknown'
  /** Bitcoin headers that are damaged or do not follow from one another, or of no known network. */
  | 'bad-headers'
  /** Certificates, none of which is a root. */
  | 'no-root'
  | 'too-large';

/** What can be given to go by. */
export type BasisKind = 'key' | 'headers' | 'root';

/** What the page as one file says in a language beside what the page of a service does: all that such a page can not know, and what it goes by instead. Times and numbers come written. */
export interface OfflineWords {
  /** In the place of what the page of a service says. */
  page: Pick<PageWords['page'], 'title' | 'lead'> & {
    /** For a browser that runs no scripts. */
    withoutScript: string;
    /** Where the page reaches: nowhere. */
    privacy: string;
    hint: string;
  };
  /** The document has no proof with it, and nobody can be asked; why that may be. */
  needProof: Notice & { reasons: string[] };
  /** What the page can not know, whatever it is given. */
  limits: { heading: string; items: string[] };
  /** What a reader gives the page to go by. */
  basis: {
    heading: string;
    lead: string;
    choose: string;
    dropNow: string;
    opening: (file: string) => string;
    /** What each kind is for, and where to get it. */
    hints: Record<BasisKind, string>;
    titles: Record<BasisKind, string>;
    none: Record<BasisKind, string>;
    /** Above what waits to be trusted, and what is to be compared before. */
    offered: Record<'key' | 'root', string>;
    compare: Record<'key' | 'root', string>;
    name: string;
    fingerprint: string;
    trust: string;
    cancel: string;
    remove: (what: string) => string;
    headers: (network: string, from: string, to: string) => string;
    /** The highest block among the headers that is known from elsewhere. */
    pinned: (height: string) => string;
    /** No block among them is known from elsewhere. */
    unpinned: string;
    faults: Record<BasisFault, (file: string) => string>;
    given: (count: string) => string;
  };
  /** How to see that this file is what a service published. */
  self: { heading: string; text: string };
  /** What to do about findings, where the page of a service says something else. */
  remedies: Record<'pin-log-key' | 'try-later' | 'pin-headers' | 'give-root', string> & {
    'give-source': Record<'bitcoin' | 'evm', string>;
  };
}
