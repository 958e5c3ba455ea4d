import type { PageWords } from '../page-words.js';

/** The service's own page. */
export const page: PageWords = {
  page: {
    title: 'Check a document · Sealroot 印证',
    withoutScript:
      'This page hashes your document on your own device. It needs JavaScript for that, and it has not started: scripts may be switched off, or a part of it has not arrived. Wait a moment, reload it, or:',
    withoutScriptLink: 'look up a fingerprint without scripts',
    skip: 'Skip to the check',
    brand: 'Public notarisation register',
    printed: (place, time) => `${place}, printed on ${time}`,
    languages: 'Language',
    heading: 'Check a document',
    lead: 'Find out whether a file is exactly the one that a public agency registered, and by when it existed.',
    footer:
      'This page and the key it trusts come from the service that you are visiting. Every answer can be repeated without it: see “Repeat this without us” below each result.',
    footerLinks: {
      api: 'API for programs',
      log: 'Newest log checkpoint',
      explorer: 'Batches and anchors',
      offline: 'This page as a file, to use offline',
      operator: 'Who runs this service',
    },
  },
  intake: {
    label: 'Document and, if you have it, its proof',
    hint: 'Drop the document here. If it came with a proof (.json or .ots), drop both together.',
    choose: 'Choose files…',
    dropNow: 'Drop to check',
    privacy:
      'Your document never leaves this device. To look it up, only the first few digits of its digital fingerprint are sent: the same as for at least a thousand others, where so many are registered.',
    files: 'Files being checked',
    roles: { document: 'Document', proof: 'Proof', ots: 'OpenTimestamps file', digest: 'Fingerprint' },
    remove: (name) => `Remove ${name}`,
    startOver: 'Check another document',
    addDocument: 'Add the document…',
    addProof: 'Add the proof…',
    folder: 'Choose a folder…',
    paste: {
      open: 'Paste a fingerprint or text',
      label: 'Fingerprint (hash) of a document, a proof, or the text itself',
      check: 'Check',
    },
    scan: {
      open: 'Read a QR code from a picture…',
      compare:
        'This is what the code says. Compare it with the paper, word for word: the code alone does not show that it belongs there.',
      onPage: (page) =>
        `No registration was found for this file itself. The answer below is about the code on page ${page} alone, not the rest of the file.`,
      comparePage:
        'This is what the code says, and what “this file” means below. Compare it with the page, word for word.',
      camera: {
        start: 'Scan with the camera',
        stop: 'Stop the camera',
        on: 'Hold the QR code in front of the camera.',
        denied: 'The browser does not allow the camera. Allow it, or take a picture of the code and choose that.',
        missing: 'There is no camera that the browser can use. Take a picture of the code and choose that.',
      },
    },
    refusals: {
      'too-many-proofs': 'Please drop one proof at a time.',
      'no-code':
        'No QR code could be read from this picture. Take it straight from above, in good light, with the whole code in it.',
      'no-reader': 'The part of this page that reads codes could not be loaded. Please try again.',
      'other-code': 'This QR code holds neither a registered document nor a link with a proof.',
    },
  },
  progress: {
    hashing: 'Computing the fingerprint on your device',
    hashed: (done, total) => `${done} of ${total}`,
    searching: 'Looking for the registration',
    looking: 'Looking for a printed code on the pages',
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
      'If you were given a proof (.json), drop it too. Licences and other personal documents are registered with a secret salt: the registered fingerprint is not that of the file, so they can only be found with their proof.',
      'Even saving, printing to PDF or scanning again makes a different file. Use the original file as the agency issued it.',
      'The document may have been registered with another service.',
    ],
    digest: 'SHA-256 fingerprint of this file',
    pages: {
      none: 'None of its pages has a printed code of this register.',
      some: (looked, of) =>
        `None of the ${looked} pages that were searched, of ${of}, has a printed code of this register.`,
      encrypted: 'It asks for a password: its pages were not searched for a printed code.',
      unreadable: 'It cannot be read as a PDF: its pages were not searched for a printed code.',
      'too-much': 'Its pages take too long to search for a printed code.',
      'not-here': 'Its pages were not searched for a printed code: only the page of a service does that.',
    },
    otsMatches:
      'The .ots file you added belongs to this document. Any OpenTimestamps program can check it; who registered the document is stated only in the .json proof.',
    otsDiffers: 'The .ots file you added belongs to a different document.',
  },
  waiting: {
    title: 'Received, and about to be written into the log',
    text: 'The agency’s registration has been received and is about to be written into the log. This page refreshes automatically.',
  },
  usual: {
    heading: 'How long it took here of late, as measured and without promise',
    sealing: (half, most, count) =>
      `From receipt to the log: half within ${half}, nine in ten within ${most} (latest ${count} cases).`,
    anchor: (anchor, half, most, count) =>
      `Confirmation by ${anchor}: half within ${half}, nine in ten within ${most} (latest ${count} cases).`,
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
    causes: 'Common reasons for this',
    failed: 'What does not match',
    undecided: 'What could not be checked',
    registeredPart: 'Download the registered version',
    withProof: 'Download with the proof inside',
    proofAlone: 'Download the proof',
    copyLink: 'Copy a link with the proof',
    cannotEmbed: {
      'unknown-kind': 'Only PDF and ZIP-based files can have a proof inside.',
      'no-end': 'This file does not end as its format requires.',
      signed:
        'This PDF is signed. With anything added, its signature would no longer cover the whole file, and some readers would warn of a change.',
      embedded: 'This file has a proof inside already.',
      'too-large': 'The proof is too long for this kind of file.',
    },
    inContainer:
      'The document, unchanged, and its proof were put into one ZIP file. This page checks it like the document itself.',
    printedCode: 'Scan this to look the record up as it stands now',
    keepBeside: 'Keep the proof as a file beside the document.',
  },
  many: {
    heading: (count) => `${count} documents`,
    progress: (done, total) => `${done} of ${total} checked`,
    table: 'Results',
    columns: { file: 'File', result: 'Result', when: 'When', who: 'Agency, as recorded' },
    filter: 'Show',
    all: 'All',
    csv: 'Download as CSV',
    csvName: 'sealroot-results.csv',
    print: 'Print',
    back: 'Back to the list',
  },
  timeline: {
    heading: 'Timeline',
    picture: (points) => `Timeline with ${points} points, listed below in order.`,
    names: {
      'not-before': 'Its batch was closed after this',
      received: 'Received, by the log’s clock',
      sealed: 'Sealed, by the log’s clock',
      'not-after': 'Shown from outside to exist by then',
      'valid-from': 'Valid from',
      changed: 'Status changed',
      status: 'Status as of',
      'valid-until': 'Valid until',
      'looked-at': 'This check',
    },
  },
  path: {
    heading: 'The way from the document to the anchors',
    lead: 'Each value is computed from the one before it and the hashes beside it. Nothing can be changed on the way without changing all that follows.',
    picture: (steps) => `${steps} steps from the document to the anchors, listed below with their values.`,
    steps: {
      document: () => 'Fingerprint, as registered',
      entry: () => 'Entry in the batch',
      batch: (number) => `Root of batch ${number}`,
      log: (size) => `Root of the log at size ${size}`,
    },
    beside: (count) => `Hashes beside it: ${count}`,
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
