import type { AuthorisationWords, SignatureWords, SignedThing } from '../agency-words.js';
import type { FindingSentences } from '../finding-words.js';

/** A thing that can be signed, as it stands in a sentence: one, and several. */
type Named = Record<'one' | 'several', string>;

const NAMES: Record<SignedThing, Named> = {
  record: { one: 'record', several: 'records' },
  event: { one: 'change', several: 'changes of status' },
};

const signature = ({ one, several }: Named): SignatureWords => ({
  alone: `The signature is that of the key which it names, over just this ${one}.`,
  group: (count) =>
    `The signature is that of the key which it names, over ${count} ${several} as one, of which this is one.`,
  'bad-signature': `The signature does not fit: the ${one} was altered, or another key signed it.`,
  'bad-path': `The ${one} has no such place in the group that was signed as one.`,
  'bad-registration':
    'What should show whose the key is contradicts itself or the log: it may have been damaged or altered.',
  noKey: `The ${one} carries a signature of its agency’s, but the proof does not show the key. Nothing is known against it.`,
});

const authorisation = ({ one }: Named): AuthorisationWords => ({
  passed: (agency, registeredAt, asOf) =>
    `The log registered the key for ${agency} on ${registeredAt}, before this ${one}, and up to ${asOf} nothing ended that.`,
  'other-agency': (agency) =>
    `The log registers the key for ${agency}, which is another agency than the one that the ${one} names.`,
  'registered-later': (registeredAt) => `The log registered the key on ${registeredAt} only, after this ${one}.`,
  'not-yet-valid': (from) => `The key was registered to be good from ${from} on, and the ${one} was received before.`,
  expired: (until) => `The key was registered to be good until ${until}, and the ${one} was received afterwards.`,
  revoked: (since) => `The key was taken back with effect from ${since}, before the ${one} was received.`,
  'not-shown': 'The proof does not show that the key was the agency’s.',
  outdated: `What the proof shows of the key ends before this ${one} was sealed.`,
});

/** What is found of signatures by agencies' own keys. */
export const signatures: Pick<FindingSentences, 'agencySignature' | 'authorisation' | 'ofEntry'> = {
  agencySignature: { record: signature(NAMES.record), event: signature(NAMES.event) },
  authorisation: { record: authorisation(NAMES.record), event: authorisation(NAMES.event) },
  ofEntry: (entry, sentence) => `Entry ${entry} of the log: ${sentence}`,
};
