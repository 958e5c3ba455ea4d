import type { AnswerWords } from '../answer-words.js';

/** When, who, still. */
export const answers: AnswerWords = {
  content: {
    same: 'Identical to the registered document, byte for byte.',
    notGiven: 'Not compared: no document was given.',
    undecided: 'Not compared.',
  },
  when: {
    notAfter: {
      document: (time) => `No later than ${time}.`,
      checkpoint: (time) => `Registered no later than ${time}.`,
    },
    pending: 'Not shown yet by anything outside the log.',
    undecided: 'Not shown: no attestation of its time was decided.',
    shownBy: (place) => `Shown by ${place}.`,
    notBefore: (time, place) => `Its batch was closed no earlier than ${time}, since it names ${place}.`,
    contradicted: 'Its times contradict each other: at least one clock is wrong, and which one is not known.',
    block: (block, clock) => `${block}, by ${clock}`,
  },
  who: {
    notStated: { text: 'Not stated.', basis: 'An OpenTimestamps file does not say who had it made.' },
    unchecked: {
      text: 'Not checked.',
      basis: (agency, log) =>
        `The proof names ${agency} as the agency and ${log} as the log. Anybody can run a log and name an agency.`,
    },
    agency: {
      text: (agency) => `${agency}: signed by the agency’s own key, which was authorised then.`,
      basis: (log) =>
        `That the key was the agency’s is registered in the log ${log}, by its operator. The signature itself nobody but the holder of the key could make.`,
    },
    log: {
      text: (agency, log) => `${agency}, as named by the log ${log}.`,
      basis: {
        yours:
          'Its key is one that you trust. It was submitted through the agency’s access to the service: that the record is the agency’s is the word of the log’s operator.',
        page: (service) =>
          `Its key is the one that ${service} publishes. It was submitted through the agency’s access to the service: that the record is the agency’s is the word of the log’s operator.`,
      },
    },
  },
  still: {
    expired: {
      text: (since) => `No: it expired on ${since}.`,
      basis: 'The agency stated this end when it registered the document.',
    },
    'not-yet-valid': {
      text: (from) => `Not yet: it is valid from ${from}.`,
      basis: 'The agency stated this beginning when it registered the document.',
    },
    'not-yet-recorded': {
      text: (from) => `Not then: the log received it on ${from}.`,
      basis: 'That time is the word of the log’s operator alone.',
    },
    askedAt: (time) => `This is the answer for ${time}, not for the present.`,
    unknown: {
      text: 'Not known: this proof does not say what has become of the record since.',
      noEnd: 'No end of validity is stated.',
      statedEnd: (until) => `The agency stated that it is valid until ${until}, unless revoked earlier.`,
    },
  },
};
