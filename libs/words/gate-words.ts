import type { GateAnswer, StatusWhy, UnknownWhy } from '#gate/decide.js';
import type { GateErrorCode } from '#gate/error.js';

/** What one language says at a gate. Times, spans and names come written. */
export interface GateWords {
  title: string;
  language: string;
  /** The answer in a word or two, as large as it can be. */
  headlines: Record<GateAnswer['answer'], string>;
  /** A sentence below it. */
  valid: string;
  /** With the times that the permit states; empty ones where it states none. */
  expired: (until: string) => string;
  notYet: (from: string) => string;
  revoked: string;
  suspended: string;
  superseded: string;
  consumed: string;
  genuine: Record<StatusWhy, string>;
  /** How old the pack is, and how old it may be for such a permit. */
  stale: (age: string, most: string) => string;
  unknown: Record<UnknownWhy, string>;
  mismatch: Record<'signature' | 'pack', string>;
  unreadable: Record<'not-a-code' | 'newer-version' | 'damaged', string>;
  /** That the printed words are to be compared with those of the code. */
  compare: string;
  facts: Record<'issuer' | 'from' | 'until' | 'received' | 'record' | 'statusAsOf' | 'checkedAt' | 'kind', string>;
  unbounded: string;
  ready: string;
  readyHint: string;
  notReady: string;
  history: string;
  camera: Record<'start' | 'stop' | 'on' | 'denied' | 'missing', string>;
  field: string;
  fieldHint: string;
  image: string;
  noCodeInImage: string;
  check: string;
  setup: string;
  setupHint: string;
  key: Record<
    | 'title'
    | 'none'
    | 'hint'
    | 'paste'
    | 'compare'
    | 'name'
    | 'fingerprint'
    | 'trust'
    | 'cancel'
    | 'replace'
    | 'remove'
    | 'bad',
    string
  >;
  pack: Record<
    'title' | 'none' | 'choose' | 'opening' | 'needsKey' | 'older' | 'fresh' | 'old' | 'ahead' | 'forgotten',
    string
  >;
  packAge: (age: string) => string;
  packHolds: (batches: string, records: string) => string;
  packErrors: Record<GateErrorCode, string>;
  privacy: string;
  withoutScript: string;
}
