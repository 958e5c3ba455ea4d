import { en } from './en/index.js';
import { site as english } from './en/site.js';
import type { Language } from './language.js';
import { zhCn } from './zh-cn/index.js';
import { site as simplified } from './zh-cn/site.js';
import { zhTw } from './zh-tw/index.js';
import { site as traditional } from './zh-tw/site.js';

/** A page's heading, and what stands below it. */
interface Opening {
  title: string;
  lead: string;
}

/** What the service says of a record's status: what happened, or what its validity comes to. */
export type ToldStatusName =
  'active' | 'revoked' | 'suspended' | 'superseded' | 'consumed' | 'expired' | 'not-yet-valid';

/** What a language says on the pages that the service makes itself, which work without scripts. */
export interface SiteWords {
  nav: Record<'label' | 'check' | 'lookup' | 'batches' | 'checkpoints' | 'anchors' | 'agencies' | 'operator', string>;
  skip: string;
  /** What such a page is worth. */
  worth: string;
  /** Where a page is, and when it was made. */
  made: (path: string, time: string) => string;
  older: string;
  /** To what follows in a list by name. */
  next: string;
  newest: string;
  nothing: string;
  states: Record<'unsubmitted' | 'pending' | 'confirmed' | 'final' | 'idle', string>;
  stages: Record<'accepted' | 'sealed' | 'anchored' | 'final', string>;
  status: Record<ToldStatusName, string>;
  columns: Record<
    | 'agency'
    | 'anchor'
    | 'anchored'
    | 'attempts'
    | 'batch'
    | 'covered'
    | 'created'
    | 'detail'
    | 'digest'
    | 'domain'
    | 'entries'
    | 'file'
    | 'from'
    | 'key'
    | 'kind'
    | 'log'
    | 'logSize'
    | 'meaning'
    | 'name'
    | 'position'
    | 'received'
    | 'record'
    | 'registers'
    | 'root'
    | 'sealed'
    | 'since'
    | 'size'
    | 'stage'
    | 'state'
    | 'status'
    | 'step'
    | 'total'
    | 'until',
    string
  >;
  lookup: Opening & {
    label: string;
    submit: string;
    /** That the form sends the whole digest, and what does not. */
    sent: string;
    /** What was typed is neither a digest nor a record number. */
    bad: string;
    found: (count: string) => string;
    more: string;
    none: string;
    noneText: string;
  };
  batches: Opening & { picture: (count: string, largest: string) => string };
  batch: {
    title: (number: string) => string;
    lead: string;
    way: string;
    picture: string;
    raw: string;
    entry: string;
    note: string;
  };
  checkpoints: Opening & { checkpoint: (size: string) => string };
  anchors: Opening & {
    none: string;
    picture: (covered: string, all: string) => string;
    overdue: string;
    paused: string;
    submissions: string;
  };
  agencies: Opening;
  record: Opening & {
    facts: string;
    timeline: string;
    picture: (points: string) => string;
    points: Record<'received' | 'sealed' | 'anchored' | 'changed' | 'expired' | 'valid-from' | 'now', string>;
    notPublic: string;
    proof: string;
  };
  operator: Opening & {
    who: string;
    unnamed: string;
    keys: string;
    /** That keys from here are as good as the connection. */
    pin: string;
    /** The pages of one file each that are to be kept. */
    pages: string;
    pagesLead: string;
    pageNames: Record<'offline.html' | 'gate.html', string>;
    pageRecord: string;
    pageWaits: string;
    delays: string;
    delaysLead: (samples: string) => string;
    sealing: string;
    half: string;
    most: string;
    measured: string;
    unmeasured: string;
    incidents: string;
    noList: string;
    unreadable: string;
    noIncidents: string;
    ongoing: string;
  };
  problems: Record<'not-found' | 'bad-request' | 'busy' | 'failed', { title: string; text: string }>;
}

const WORDS = new Map<Language, SiteWords>([
  [en, english],
  [zhCn, simplified],
  [zhTw, traditional],
]);

/** What a language says on the pages that the service makes itself. */
export function siteWords(language: Language): SiteWords {
  return WORDS.get(language)!;
}
