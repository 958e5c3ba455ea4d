import type { NoteWords } from '../note-words.js';

/** What is said beside an answer. */
export const notes: NoteWords = {
  innocentCauses: {
    're-saved': 'It was opened and saved again, or exported anew: even an unchanged text gives another file.',
    screenshot: 'It is a screenshot or a photo of the document.',
    messenger: 'A messenger or mail program compressed or converted it. Send it as a file or in an archive.',
    printed: 'It was printed and scanned.',
    'signed-afterwards': 'A signature, stamp or note was added after it was registered.',
    'line-endings': 'It is a text file, and its line endings were converted on the way.',
  },
  'sealed-part': (bytes) => `The registered version is the first ${bytes} bytes of this file, the proof left out.`,
  'no-document': 'No document was compared: the answer holds for whichever document has the recorded fingerprint.',
  'test-chain': (chain) => `Test only: the time comes from ${chain}, which proves nothing outside a test.`,
  'foreign-chain': (chain) =>
    `The time comes from ${chain}, which is not known here. What it proves depends on who runs that chain.`,
  'unnamed-chain':
    'No source could tell which Bitcoin network its block belongs to. Compare the block elsewhere before you rely on the time.',
  'not-final': 'The block that shows the time is not final yet: its chain may still replace it.',
  'finality-unknown': 'No source could tell whether the block that shows the time is final.',
  'not-anchored': 'Nothing outside the log has shown so far by when it existed.',
  'bad-anchors': (count, format) =>
    count === 1
      ? 'One other attestation of the time does not hold. The answer does not rest on it.'
      : `${format.number(count)} other attestations of the time do not hold. The answer does not rest on them.`,
  'open-anchors': (count, format) =>
    count === 1
      ? 'One other attestation of the time was not decided. The answer does not need it.'
      : `${format.number(count)} other attestations of the time were not decided. The answer does not need them.`,
  'log-word': (receivedAt, sealedAt) =>
    `That it was received on ${receivedAt} and sealed on ${sealedAt} is the word of the log’s operator alone.`,
  'agency-claimed': (agency) => `“${agency}” is what the proof claims. Anybody can run a log and name an agency.`,
  'not-the-content': 'This shows that the file existed unchanged. It does not show that what the file says is true.',
};
