import type { HeadlineWords } from '../headline-words.js';

/** What comes first, and the sentence below it. */
export const headlines: HeadlineWords = {
  unreadable: { headline: 'The proof cannot be read', aside: 'Nothing is said of the document itself.' },
  mismatch: {
    'line-endings': {
      headline: 'Does not match',
      sentence:
        'The text is the same, but its line endings were converted (CRLF and LF), which makes it another file. This happens when text files travel between systems.',
    },
    appended: {
      headline: 'Does not match: the file has more in it than was registered',
      sentence:
        'The registered version is still there, as the first part of the file. What was added is not covered by the proof, and it may change what is shown.',
    },
    document: {
      headline: 'Does not match',
      sentence:
        'This file is not the one that the proof is about. That often has an innocent cause: see the list below. The file as the agency issued it matches.',
    },
    proof: {
      headline: 'The proof does not hold',
      sentence:
        'The proof contradicts itself, so it shows nothing of this document. It may have been damaged or altered.',
    },
    signer: {
      headline: 'Signed by another log',
      sentence: 'The proof was signed by another log than the expected one. It may come from another service.',
    },
    companion: {
      headline: 'Another file does not match',
      sentence: 'The proof is about this document, but another file that was handed in with it is not.',
    },
    anchor: {
      headline: 'The proof does not hold',
      sentence:
        'What the proof gives as evidence of its time is not where it should be, and nothing else shows its time.',
    },
  },
  notCurrent: {
    expired: {
      headline: 'Matches, but has expired',
      sentence: 'The period of validity that was stated with it has ended.',
    },
    'not-yet-valid': {
      headline: 'Matches, but is not valid yet',
      sentence: 'The period of validity that was stated with it has not begun.',
    },
    'not-yet-recorded': {
      headline: 'Not registered yet at that time',
      sentence: 'The log had no such record at the time that was asked about.',
    },
    revoked: { headline: 'Matches, but was revoked', sentence: 'The agency has revoked it since it was registered.' },
    suspended: { headline: 'Matches, but is suspended', sentence: 'It is not valid for the time being.' },
    superseded: { headline: 'Matches, but was replaced', sentence: 'A newer record has taken its place.' },
    consumed: { headline: 'Matches, but was used already', sentence: 'It can be used once only.' },
  },
  unavailable: {
    headline: 'Could not be fully checked',
    because: {
      'no-salt':
        'The registration is salted so that nobody can guess the document from it, and the proof used here lacks the salt.',
      'other-algorithm': 'No fingerprint of the kind that the record has was given, so the document was not compared.',
      stale:
        'The status in the proof is too old to say whether it is still valid. That says nothing against the document.',
      signer: 'The key of the expected log could not be fetched, so the signer was not checked.',
      'status-ahead':
        'The status in the proof claims a time that has not come yet, so it does not say what is valid today. That says nothing against the document.',
      contradicted:
        'The sources contradict each other about its time, so nothing was decided. That says nothing against the document.',
      outage: 'Something that this check needs could not be had just now. That says nothing against the document.',
      'test-chain': 'Only a test chain attests its time, and test chains were not to count.',
      unsupported:
        'Its time is attested in a way that this version cannot check. That says nothing against the document.',
      'nothing-given':
        'Nothing was given that its time could be checked against. That says nothing against the document.',
    },
  },
  pending: {
    headline: 'Registered, waiting to be anchored',
    promised:
      'A calendar has promised to anchor its time in Bitcoin, which usually takes hours; until then nothing outside the log shows the time.',
    notPromised: 'Nothing outside the log shows its time yet.',
  },
  authentic: {
    headlines: {
      test: {
        document: 'Matches, but only a test chain shows the time',
        noDocument: 'The proof holds, but only a test chain shows the time',
      },
      file: {
        document: 'Existed by the time below; by whom is not stated',
        noDocument: 'The time-stamp holds; no document was compared',
      },
      unchecked: {
        document: 'Matches and existed by the time below; the signer was not checked',
        noDocument: 'The proof holds; the signer was not checked and no document was compared',
      },
      log: { document: 'Authentic', noDocument: 'The proof holds; no document was compared' },
    },
    time: {
      public: 'Its time is attested from outside the log.',
      test: 'Its time is attested by a test chain alone, which proves nothing outside a test.',
      foreign: 'Its time is attested by a chain that is not known here; what that proves depends on who runs it.',
      unnamed: 'Its time is attested by a chain of which no source could tell which one it is.',
    },
    signer: {
      file: 'Nothing in it says who had it made.',
      unchecked: 'Who registered it was not checked: anybody can run a log and name an agency.',
      agency: 'The agency’s own key signed it, and the log had registered that key for it.',
      log: 'The signature is that of the expected log.',
    },
  },
  subject: {
    registered: 'This file is exactly the one that was registered, byte for byte.',
    timeStamped: 'This file is exactly the one that was time-stamped, byte for byte.',
    inProof: 'This file is exactly the one in the proof, byte for byte.',
    matches: 'This file matches the proof byte for byte.',
    apartFromProof: 'Apart from the proof inside it, this file is exactly the one that was registered, byte for byte.',
    holds: 'The proof holds.',
    holdsSoFar: 'The proof holds as far as it goes.',
    holdsForAny: 'The proof holds, for whichever document has the recorded fingerprint.',
  },
  signerUnchecked: 'Who registered it was not checked.',
};
