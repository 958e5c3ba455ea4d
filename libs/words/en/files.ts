import type { Language } from '../language.js';

/** What a file is that is no readable proof, and what to hand in instead. */
export const unreadable: Language['unreadable'] = {
  empty: {
    what: 'The file is empty. It was probably not saved or sent completely.',
    handIn: 'Get the proof again from where you got it.',
  },
  html: {
    what: 'The file is a web page, not a proof. Probably a page with an error or a sign-in was saved in its place.',
    handIn: 'Open the link again, sign in if you are asked to, and save the proof itself.',
  },
  pdf: {
    what: 'The file is a PDF, not a proof. Probably the document was given in place of its proof.',
    handIn: 'Hand in the proof that came with the document, usually a .json or .ots file.',
  },
  zip: {
    what: 'The file is an archive, not a proof. The proof may be inside it.',
    handIn: 'Unpack the archive and hand in the proof that is in it.',
  },
  'utf-16': {
    what: 'The file is text in UTF-16. Probably an editor saved it in that encoding.',
    handIn: 'Save the file as UTF-8, or get the proof again without opening it in an editor.',
  },
  'byte-order-mark': {
    what: 'The file begins with a byte order mark. Probably an editor added it when saving.',
    handIn: 'Save the file as UTF-8 without a byte order mark, or get the proof again without opening it in an editor.',
  },
  base64: {
    what: 'The file is base64 text. Probably it was taken from a message before it was decoded.',
    handIn: 'Save the attachment from your mail program, or decode the text first.',
  },
  hex: {
    what: 'The file is hexadecimal text. Probably a program printed it in that form.',
    handIn: 'Get the proof again as a file, or decode the text first.',
  },
  'cut-short': {
    what: 'The file ends in the middle. Probably a download or a message was cut off.',
    handIn: 'Get the proof again, and send it as a file or in an archive.',
  },
  receipt: {
    what: 'The file is a receipt: the promise of a proof, handed out when a record is accepted. It is not the proof itself.',
    handIn: 'Get the proof of the record that the receipt names, from the service or from the agency.',
  },
  'signed-note': {
    what: 'The file is a signed checkpoint of a log. It is a part of a proof, and not one by itself.',
    handIn: 'Hand in the proof that came with the document, usually a .json or .ots file.',
  },
  'time-stamp': {
    what: 'The file is the time-stamp of an authority. It is a part of a proof, and not one by itself.',
    handIn: 'Hand in the proof that came with the document, or check the time-stamp with OpenSSL.',
  },
  'other-json': {
    what: 'The file is JSON, but not a proof.',
    handIn: 'Hand in the proof that came with the document.',
  },
  'newer-version': {
    what: 'The proof is of a version that is newer than this verifier.',
    handIn: 'Get a newer verifier.',
  },
  'too-large': {
    what: 'The file is larger than any proof. Probably another file was given in its place.',
    handIn: 'Hand in the proof that came with the document, usually a .json or .ots file.',
  },
  damaged: {
    what: 'The file does not have the form of a proof. It may have been damaged on its way, or be another kind of file.',
    handIn: 'Get the proof again from where you got it, without opening it in an editor.',
  },
};

/** What became of a file of which no finding tells. */
export const files: Language['files'] = {
  merged: (file) => `${file}: another proof of the same record. What both say was verified.`,
  'other-document': (file) => `${file}: passed over, since it is about another document.`,
  'other-record': (file) =>
    `${file}: passed over, since it is about another record of the same document. Verify it on its own.`,
  'not-compared': (file) => `${file}: passed over, since nothing was given that it could be compared with.`,
  unreadable: (file) => `${file}: passed over, since it cannot be read as a proof.`,
  'salt-used': (file) => `${file}: the salt in it was used.`,
};
