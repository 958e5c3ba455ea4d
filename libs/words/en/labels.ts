import type { Language } from '../language.js';

/** What stands before the parts of an answer. */
export const labels: Language['labels'] = {
  content: 'Content',
  when: 'When',
  who: 'Who',
  still: 'Still valid',
  document: 'Document',
  proof: 'Proof',
  record: 'Record',
  kind: 'Kind of record',
  agency: 'Agency',
  reference: 'Agency’s reference',
  claims: 'Facts stated by the agency',
  received: 'Received',
  sealed: 'Sealed',
  findings: 'What was checked',
  notes: 'Please note',
  compare: 'To compare by hand',
  remedy: 'What you can do',
  detail: 'In detail',
};

/** How a check ended. */
export const outcomes: Language['outcomes'] = {
  passed: 'Passed',
  failed: 'Failed',
  pending: 'Pending',
  unavailable: 'Not decided',
  'not-applicable': 'Not checked',
};

/** The verdict in a word or two. */
export const badges: Language['badges'] = {
  unreadable: 'Not readable',
  mismatch: 'No match',
  'authentic-not-current': 'Not in force',
  unavailable: 'Incomplete',
  pending: 'Pending',
  authentic: 'Verified',
  'signer-unchecked': 'Signer not checked',
  'test-only': 'Test only',
};

/** Kinds of records. */
export const profiles: Language['profiles'] = {
  generic: 'General document',
  licence: 'Certificate or licence',
  evidence: 'Electronic evidence',
  invoice: 'Electronic invoice',
  title: 'Property registration',
  company: 'Business registration',
  identity: 'Issuer key or trust list',
  permit: 'Permit',
};
