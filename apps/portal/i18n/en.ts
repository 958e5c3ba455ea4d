import type { Catalogue } from './catalogue.js';
import { enChecks } from './en-checks.js';

/** Every word on the page in English. */
export const en: Catalogue = {
  tag: 'en',
  locale: 'en-GB',
  ownName: 'English',
  page: {
    title: 'Check a document · Sealroot 印证',
    skip: 'Skip to the check',
    brand: 'Notarisation register',
    languages: 'Language',
    heading: 'Check a document',
    lead: 'Find out whether a file is exactly the one that a public agency registered, and since when it has existed.',
    footer:
      'This page and the key it trusts come from the service that you are visiting. Every answer can be repeated without it: see “Repeat this without us” below each result.',
    footerLinks: { api: 'Interface for programs', log: 'Newest log checkpoint' },
  },
  intake: {
    label: 'Document and, if you have it, its proof file',
    hint: 'Drop the document here. If it came with a proof file (.json or .ots), drop both together.',
    choose: 'Choose files…',
    dropNow: 'Drop to check',
    privacy: 'Your document never leaves this device. Only its digital fingerprint is looked up.',
    files: 'Files being checked',
    roles: { document: 'Document', proof: 'Proof file', ots: 'OpenTimestamps file' },
    remove: (name) => `Remove ${name}`,
    startOver: 'Check another document',
    addProof: 'Add the proof file…',
    tooManyDocuments: 'Please check one document at a time: drop one document and, if you have it, its proof file.',
    tooManyProofs: 'Please drop one proof file at a time.',
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
    text: 'A proof says something about one particular document. Drop or choose the document that belongs to this proof file.',
  },
  choosing: {
    title: 'This document was registered more than once',
    text: 'Choose the registration that you want to check. The oldest comes first.',
    since: (date) => `received ${date}`,
  },
  notFound: {
    title: 'No registration found for this file',
    text: 'This service has no public entry for exactly this file. That does not mean that the document is false.',
    reasons: [
      'If you were given a proof file (.json), drop the proof file too. Licences and other personal documents are registered in a hidden form and can only be found with it.',
      'Even saving, printing to PDF or scanning again makes a different file. Use the original file as the agency issued it.',
      'The document may have been registered with another service.',
    ],
    digest: 'SHA-256 fingerprint of this file',
    otsMatches:
      'The .ots file you added belongs to this document. Any OpenTimestamps program can check it; who registered the document is stated only in the .json proof.',
    otsDiffers: 'The .ots file you added belongs to a different document.',
  },
  waiting: {
    text: 'The agency’s registration has been received and is about to be sealed into the log. This page looks again by itself.',
  },
  unreachable: {
    text: 'The service could not be reached to look for the registration, so nothing is known about this document yet. If you have its proof file, drop it too: most of it can be checked without the service.',
  },
  badProof: {
    text: 'The proof file is damaged or was altered: it cannot be read as a proof. This says nothing about the document itself; try the document alone.',
    newer: 'The proof file is of a version that this page does not know. A newer verifier may be able to read it.',
  },
  badDocument: {
    'no-hasher': {
      title: 'This browser cannot compute the fingerprint',
      text: 'It does not allow WebAssembly, perhaps because of a protection mode. Try another browser, or the command-line program.',
    },
    'unreadable-file': {
      title: 'The file could not be read',
      text: 'It may have been moved, changed or be kept online only. Save it on this device and choose it again. Folders cannot be checked.',
    },
  },
  verdict: {
    region: 'Result',
    titles: {
      authentic: 'Authentic',
      'authentic-not-current': 'Authentic, but not currently valid',
      pending: 'Registered, public anchor still pending',
      mismatch: 'Does not match',
      unavailable: 'Could not be fully checked',
    },
    badges: {
      authentic: 'Verified',
      'authentic-not-current': 'Not current',
      pending: 'Pending',
      mismatch: 'Refused',
      unavailable: 'Incomplete',
    },
    sentences: {
      authentic:
        'This file is exactly the one that was registered, unchanged to the last bit, and its time is attested from outside this service.',
      'authentic-not-current':
        'This file is exactly the one that was registered, but the registration is not in force today. See below since when.',
      pending:
        'This file is exactly the one in the signed log. Its independent time anchor usually follows within minutes or hours. This page looks again by itself.',
      mismatch: 'The document or its proof does not hold.',
    },
    undecided: {
      document:
        'This registration is hidden, and the proof used here lacks the key (“salt”) that opens it. Drop the proof file that the document’s holder received.',
      contradiction:
        'Those who were asked about its time contradict each other, so nothing is decided. That is no sign that the document is forged; compare the block yourself, as told below.',
      outage:
        'Something that this check needs could not be had just now. That is not a sign of forgery; what could be checked is listed below.',
      'nothing-given':
        'The registration itself holds, but this service has nothing that its time could be checked against. That is not a sign of forgery; you can compare it elsewhere, as told below.',
    },
    documentDiffers: 'This file is not the one that the proof speaks of: it was changed, or it is a different file.',
    proofBroken:
      'The proof is broken: at least one of its links does not hold, so it proves nothing about this document.',
    signerDiffers: 'The proof was not signed by this service’s log. It may come from another service, or be made up.',
    testChain: (network) =>
      `Test only: the time comes from the chain “${network}”, not from Bitcoin’s main chain, and proves nothing outside a test.`,
    testEvmChain: (network) =>
      `Test only: the time comes from ${network}, which is not a public chain under its own name, and proves nothing outside a test.`,
    foreignChain: (network) =>
      `The time comes from ${network}, which this page does not know. What it proves depends on who runs that chain.`,
    unknownChain:
      'It could not be found out which Bitcoin network the block header comes from. Compare the block elsewhere before you rely on the time.',
    withoutProof: 'Check this document without the proof file',
    again: 'Try again',
    refreshing: 'Looks again by itself',
    refreshed: 'The proof has grown since your file was made. Download the newer one below.',
  },
  facts: {
    agency: 'Registered by',
    existedBefore: 'Existed',
    noLaterThan: (date) => `no later than ${date}`,
    block: (height) => `Bitcoin block ${height}`,
    blockOf: (height, chain) => `Block ${height} of ${chain}`,
    timeStampOf: (authority) => `Time-stamp of ${authority}`,
    notFinal: 'not final yet',
    sealed: 'Sealed',
    noEarlierThan: (date) => `no earlier than ${date}`,
    testChain: 'a chain for tests',
    contradiction: (place) =>
      `${place}. That is later than the time by which it existed, so one of the two clocks is wrong; Bitcoin’s may be two hours off.`,
    receivedAt: 'Received by the service',
    notAnchored: 'By the service’s own clock; not independently anchored yet',
    notChecked: 'By the service’s own clock; its independent anchors were not checked',
    profile: 'Kind of record',
    profiles: {
      generic: 'General document',
      licence: 'Certificate or licence',
      evidence: 'Electronic evidence',
      invoice: 'Electronic invoice',
      title: 'Property registration',
      company: 'Business registration',
      identity: 'Issuer key or trust list',
      permit: 'Permit',
    },
    reference: 'Agency’s reference',
    current: 'In force',
    currentStates: {
      current: () => 'Yes, without an end date',
      until: (date) => `Yes, until ${date}`,
      expired: (date) => `No, expired ${date}`,
      'not-yet': (date) => `Not yet, from ${date}`,
    },
    signer: 'Signed by',
    signerVouched: (host) => `The log key is the one that ${host} states. This page’s own service vouches for it.`,
    signerUnchecked: 'Who signed was not checked: the service’s key could not be fetched.',
  },
  checks: {
    heading: 'What was checked',
    summary: (passed, total) => `${passed} of ${total} passed`,
    statuses: {
      passed: 'Passed',
      failed: 'Failed',
      pending: 'Pending',
      unavailable: 'Not checked',
      'not-applicable': 'Not applicable',
    },
    technical: 'Technical notes',
    byCode: enChecks,
  },
  details: {
    heading: 'Details and proof files',
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
      blinded: 'Hidden digest',
      block: 'Block',
      merkleRoot: 'Its Merkle root',
      genesis: 'Block 0 of that chain',
      transaction: 'Transaction',
      timeStamp: 'Time-stamp',
      accuracy: 'Accuracy',
      rootCertificate: 'Root certificate (SHA-256)',
      beacon: 'Block named by the batch',
      headerSource: 'Supplied by',
    },
    digests: 'Fingerprints of this file',
    claims: 'Facts stated by the agency',
    downloads: 'Proof files to keep',
    downloadProof: 'Full proof (.json)',
    downloadOts: 'OpenTimestamps proof (.ots)',
    downloadRecordInBatch: 'Log proof: record in batch',
    downloadBatchInLog: 'Log proof: batch in log',
    downloadCheckpoint: 'Time-stamped text (.txt)',
    downloadTimeStamp: 'Time-stamp (.tsr)',
    downloadTimeStampChain: 'Its certificates (.pem)',
    repeat: 'Repeat this without us',
    repeatLead: 'You need not trust this page. These steps use programs that we did not write, or no network at all.',
    steps: {
      hash: 'Compute the fingerprint yourself and compare it with the one above:',
      ots: 'Keep the .ots file beside the document and check it with any OpenTimestamps program:',
      cli: 'Check the full proof with the open-source command-line program, which asks sources of your choice (leave out what you do not have):',
      block: (height) =>
        `Compare the Merkle root of Bitcoin block ${height} in any block explorer with the one under “Registration” above.`,
      evm: (height, chain) =>
        `Compare the hash of block ${height} of ${chain} with the one under “Registration” above, in any explorer of that chain or with any of its nodes (URL):`,
      timeStamp:
        'Keep the three time-stamp files, get the authority’s root certificate from the authority itself (ROOT.pem), and check them with OpenSSL:',
      timeStampExpired:
        'The authority’s certificate has expired since, so OpenSSL must be told the time of the stamp. Keep the three time-stamp files and get the authority’s root certificate (ROOT.pem):',
      noBlock: 'Once the anchor is confirmed, the programs also name a Bitcoin block to compare in any block explorer.',
    },
    copy: 'Copy',
    copied: 'Copied',
  },
};
