import type { PageWords } from '../page-words.js';

/** The service's own page. */
export const page: PageWords = {
  page: {
    title: 'Check a document · Sealroot 印证',
    withoutScript: 'This page hashes your document on your own device and needs JavaScript for it.',
    skip: 'Skip to the check',
    brand: 'Public notarisation register',
    languages: 'Language',
    heading: 'Check a document',
    lead: 'Find out whether a file is exactly the one that a public agency registered, and by when it existed.',
    footer:
      'This page and the key it trusts come from the service that you are visiting. Every answer can be repeated without it: see “Repeat this without us” below each result.',
    footerLinks: { api: 'API for programs', log: 'Newest log checkpoint' },
  },
  intake: {
    label: 'Document and, if you have it, its proof',
    hint: 'Drop the document here. If it came with a proof (.json or .ots), drop both together.',
    choose: 'Choose files…',
    dropNow: 'Drop to check',
    privacy: 'Your document never leaves this device. Only its digital fingerprint is looked up.',
    files: 'Files being checked',
    roles: { document: 'Document', proof: 'Proof', ots: 'OpenTimestamps file' },
    remove: (name) => `Remove ${name}`,
    startOver: 'Check another document',
    addProof: 'Add the proof…',
    tooManyDocuments: 'Please check one document at a time: drop one document and, if you have it, its proof.',
    tooManyProofs: 'Please drop one proof at a time.',
  },
  progress: {
    hashing: 'Computing the fingerprint on your device',
    hashed: (done, total) => `${done} of ${total}`,
    searching: 'Looking for the registration',
    verifying: 'Verifying the proof',
    cancel: 'Cancel',
  },
  needDocument: {
    title: 'Now add the document',
    text: 'A proof says something about one particular document. Drop or choose the document that belongs to this proof.',
  },
  choosing: {
    title: 'This document was registered more than once',
    text: 'Choose the registration that you want to check. The oldest comes first.',
    since: (date) => `received ${date}`,
    more: (count) =>
      `There are more than these ${count}, which are the oldest. Any of them can be checked by its proof: drop it beside the document.`,
  },
  notFound: {
    title: 'No registration found for this file',
    text: 'This service has no public entry for exactly this file. That is no sign that the document is false.',
    reasons: [
      'If you were given a proof (.json), drop it too. Licences and other personal documents are registered with a salt and can only be found with their proof.',
      'Even saving, printing to PDF or scanning again makes a different file. Use the original file as the agency issued it.',
      'The document may have been registered with another service.',
    ],
    digest: 'SHA-256 fingerprint of this file',
    otsMatches:
      'The .ots file you added belongs to this document. Any OpenTimestamps program can check it; who registered the document is stated only in the .json proof.',
    otsDiffers: 'The .ots file you added belongs to a different document.',
  },
  waiting: {
    title: 'Received, and about to be written into the log',
    text: 'The agency’s registration has been received and is about to be written into the log. This page refreshes automatically.',
  },
  unreachable: {
    title: 'The service could not be reached',
    text: 'The service could not be reached to look for the registration, so nothing is known about this document yet. If you have its proof, drop it too: most of it can be checked without the service.',
  },
  badDocument: {
    'no-hasher': {
      title: 'This browser cannot compute the fingerprint',
      text: 'It does not allow WebAssembly, perhaps because of a protection mode. Try another browser, or the command-line program.',
    },
    'unreadable-file': {
      title: 'The file could not be read',
      text: 'It may have been moved or changed, or be kept online only. Save it on this device and choose it again. Folders cannot be checked.',
    },
  },
  result: {
    region: 'Result',
    withoutProof: 'Check this document without the proof',
    again: 'Try again',
    refreshing: 'Refreshes automatically',
    refreshed: 'The proof has grown since your file was made. Download the newer one below.',
  },
  checks: {
    heading: 'What was checked',
    summary: (passed, total) => `${passed} of ${total} passed`,
    technical: 'Technical notes',
  },
  details: {
    heading: 'Details and proofs',
    identifiers: 'Registration',
    names: {
      id: 'Record number',
      agency: 'Agency',
      profile: 'Record profile',
      receivedAt: 'Received',
      logOrigin: 'Log',
      logKey: 'Log key',
      batch: 'Batch',
      sealedAt: 'Batch sealed',
      position: 'Position in the batch',
      blinded: 'Salted digest',
    },
    digests: 'Fingerprints of this file',
    claims: 'Facts stated by the agency',
    downloads: 'Proofs to keep',
    kept: {
      proof: 'Full proof (.json)',
      ots: 'OpenTimestamps proof (.ots)',
      'record-in-batch': 'Log proof: record in batch',
      'batch-in-log': 'Log proof: batch in log',
      checkpoint: 'Time-stamped text (.txt)',
      'time-stamp': 'Time-stamp (.tsr)',
      'time-stamp-chain': 'Its certificates (.pem)',
    },
    repeat: 'Repeat this without us',
    repeatLead: 'You need not trust this page. These steps use programs that we did not write, or no network at all.',
    steps: {
      hash: 'Compute the fingerprint yourself and compare it with the one above:',
      cli: 'Check the full proof with the open-source command-line program, which asks sources of your choice (leave out what you do not have):',
      noBlock: 'Once the anchor is confirmed, the programs also name a Bitcoin block to compare in any block explorer.',
    },
    copy: 'Copy',
    copied: 'Copied',
  },
};
