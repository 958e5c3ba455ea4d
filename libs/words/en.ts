import type { EvmAnchor } from '#proof/anchors/evm/finding.js';
import type { AnchorFinding, Subject } from '#proof/anchors/finding.js';
import type { BitcoinAnchor } from '#proof/anchors/opentimestamps/finding.js';
import type { Rfc3161Anchor, TimeStampFacts } from '#proof/anchors/rfc3161/finding.js';
import type { UndecidedReason } from '#proof/anchors/shown-facts.js';
import type {
  BeaconFinding,
  CompanionFinding,
  DocumentFinding,
  FormatFinding,
  LogKeyFinding,
  TimeContradiction,
  TimeRole,
  UnreadableKind,
  ValidityFinding,
} from '#proof/finding.js';
import type { When } from '#proof/verification.js';
import type { Finality, ShownBlock, Silence } from '#source/answer.js';
import type { Comparison } from './comparison.js';
import type { FileNote } from './file-note.js';
import type { Format } from './format.js';
import type { Headline, MismatchCause, UnavailableCause } from './headline.js';
import type { Answer, Language, Telling } from './language.js';
import { namedBeaconChain, namedEvmChain, type NamedChain } from './named-chain.js';
import { chainOf, type InnocentCause, type Note } from './note.js';
import type { Remedy } from './remedy.js';

/** English. */
export const en: Language = {
  tag: 'en',
  locale: 'en-GB',
  ownName: 'English',
  labels: {
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
  },
  outcomes: {
    passed: 'Passed',
    failed: 'Failed',
    pending: 'Pending',
    unavailable: 'Not decided',
    'not-applicable': 'Not checked',
  },
  badges: {
    unreadable: 'Not readable',
    mismatch: 'No match',
    'authentic-not-current': 'Not in force',
    unavailable: 'Incomplete',
    pending: 'Pending',
    authentic: 'Verified',
    'signer-unchecked': 'Signer not checked',
    'test-only': 'Test only',
  },
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
  headline,
  note,
  when,
  who: (who, record, telling) => {
    if (record === undefined)
      return { text: 'Not stated.', basis: ['An OpenTimestamps file does not say who had it made.'] };
    if (who === 'unchecked')
      return {
        text: 'Not checked.',
        basis: [
          `The proof names ${record.agency} as the agency and ${record.log} as the log. Anybody can run a log and name an agency.`,
        ],
      };
    return {
      text: `The log ${record.log}, which names ${record.agency} as the agency.`,
      basis: [
        telling.place.kind === 'page'
          ? `Its key is the one that ${telling.place.service} publishes. That the record is the agency’s is the word of the log’s operator.`
          : 'Its key is one that you trust. That the record is the agency’s is the word of the log’s operator.',
      ],
    };
  },
  still: (still, record, { format }) => {
    switch (still.state) {
      case 'expired':
        return {
          text: `No: it expired on ${format.date(still.since)}.`,
          basis: ['The agency stated this end when it registered the document.'],
        };
      case 'not-yet-valid':
        return {
          text: `Not yet: it is valid from ${format.date(still.from)}.`,
          basis: ['The agency stated this beginning when it registered the document.'],
        };
      case 'unknown':
        return {
          text: 'Not known: this proof does not say what has become of the record since.',
          basis:
            record?.validUntil === undefined
              ? ['No end of validity is stated.']
              : [`The agency stated that it is valid until ${format.date(record.validUntil)}, unless revoked earlier.`],
        };
      default:
        return still satisfies never;
    }
  },
  title: (finding) => {
    switch (finding.check) {
      case 'format':
        return 'The proof can be read';
      case 'document':
        return 'The document is the registered one';
      case 'record-id':
        return 'The record number belongs to the statement';
      case 'batch-inclusion':
        return 'The record is in its batch';
      case 'batch-checkpoint':
        return 'The batch is signed';
      case 'log-inclusion':
        return 'The batch is in the public log';
      case 'log-checkpoint':
        return 'The log is signed';
      case 'log-key':
        return 'The signer is the expected log';
      case 'anchor':
        return anchorTitle(finding);
      case 'beacon':
        return 'The batch is no older than a known block';
      case 'times':
        return 'The times fit each other';
      case 'validity':
        return 'Today is within the stated period of validity';
      case 'carried':
        return 'Parts of the statement that this version does not check';
      case 'companion':
        return `The other file belongs to the same document: ${finding.file}`;
      default:
        return finding satisfies never;
    }
  },
  sentence: (finding, telling) => {
    const { format } = telling;
    switch (finding.check) {
      case 'format':
        return formatSentence(finding);
      case 'document':
        return documentSentence(finding);
      case 'record-id':
        return finding.outcome === 'passed'
          ? 'The record number follows from the statement and from no other.'
          : `The record number is ${finding.id}, but the statement gives ${finding.computed}.`;
      case 'batch-inclusion':
        if (finding.outcome === 'passed')
          return `A chain of hashes leads from the record to the root of batch ${format.number(finding.batch)}.`;
        return finding.reason === 'other-root'
          ? `The chain of hashes does not lead from the record to the root of batch ${format.number(finding.batch)}.`
          : `The chain of hashes from the record is not one for that place in batch ${format.number(finding.batch)}.`;
      case 'batch-checkpoint':
        return finding.outcome === 'passed'
          ? 'The batch’s own checkpoint names the same root and carries the log’s signature.'
          : checkpointFault('The batch’s own checkpoint', finding.reason);
      case 'log-inclusion':
        if (finding.outcome === 'passed')
          return `A chain of hashes leads from batch ${format.number(finding.batch)} to the root of the log at ${format.number(finding.size)} batches.`;
        return finding.reason === 'other-root'
          ? `The chain of hashes does not lead from batch ${format.number(finding.batch)} to the root of the log at ${format.number(finding.size)} batches.`
          : `The chain of hashes from batch ${format.number(finding.batch)} is not one for a log of ${format.number(finding.size)} batches.`;
      case 'log-checkpoint':
        return finding.outcome === 'passed'
          ? `The log’s checkpoint at ${format.number(finding.size)} batches carries the log’s signature.`
          : checkpointFault(`The log’s checkpoint at ${format.number(finding.size)} batches`, finding.reason);
      case 'log-key':
        return logKeySentence(finding, telling);
      case 'anchor':
        return anchorSentence(finding, telling);
      case 'beacon':
        return beaconSentence(finding, format);
      case 'times':
        return finding.outcome === 'passed'
          ? 'Every time is in an order that can be, as far as clocks are known to be right.'
          : finding.contradictions.map((item) => contradiction(item, format)).join(' ');
      case 'validity':
        return validitySentence(finding, format);
      case 'carried':
        return `Carried and not checked: ${finding.members.map((member) => CARRIED[member]).join(', ')}.`;
      case 'companion':
        return companionSentence(finding);
      default:
        return finding satisfies never;
    }
  },
  remedy,
  comparison: (item, { format }) => comparison(item, format),
  fileNote,
  page: {
    page: {
      title: 'Check a document · Sealroot 印证',
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
      downloads: 'Proofs to keep',
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
        noBlock:
          'Once the anchor is confirmed, the programs also name a Bitcoin block to compare in any block explorer.',
        evm: (height, chain) =>
          `Compare the hash of block ${height} of ${chain} with the one under “Registration” above, in any explorer of that chain or with any of its nodes (URL):`,
        timeStamp:
          'Keep the three time-stamp files, get the authority’s root certificate from the authority itself (ROOT.pem), and check them with OpenSSL:',
        timeStampExpired:
          'The authority’s certificate has expired since, so OpenSSL must be told the time of the stamp. Keep the three time-stamp files and get the authority’s root certificate (ROOT.pem):',
      },
      copy: 'Copy',
      copied: 'Copied',
    },
  },
};

function headline(told: Headline): { headline: string; sentence: string } {
  switch (told.verdict) {
    case 'unreadable':
      return {
        headline: 'The proof cannot be read',
        sentence: `${UNREADABLE[told.kind]} Nothing is said of the document itself.`,
      };
    case 'mismatch':
      return MISMATCH[told.because];
    case 'authentic-not-current': {
      const expired = told.still.state === 'expired';
      const subject = told.document
        ? 'This file is exactly the one that was registered, byte for byte.'
        : 'The proof holds.';
      const state = expired
        ? 'The period of validity that was stated with it has ended.'
        : 'The period of validity that was stated with it has not begun.';
      const signer = told.who === 'unchecked' ? ' Who registered it was not checked.' : '';
      return {
        headline: expired ? 'Matches, but has expired' : 'Matches, but is not valid yet',
        sentence: `${subject} ${state}${signer}`,
      };
    }
    case 'unavailable':
      return {
        headline: 'Could not be fully checked',
        sentence: told.document
          ? `This file matches the proof byte for byte. ${UNAVAILABLE[told.because]}`
          : UNAVAILABLE[told.because],
      };
    case 'pending': {
      const subject = told.document
        ? 'This file is exactly the one in the proof, byte for byte.'
        : 'The proof holds as far as it goes.';
      const time = told.promised
        ? 'A calendar has promised to anchor its time in Bitcoin, which usually takes hours; until then nothing outside the log shows the time.'
        : 'Nothing outside the log shows its time yet.';
      const signer = told.who === 'unchecked' ? ' Who registered it was not checked.' : '';
      return { headline: 'Registered, waiting to be anchored', sentence: `${subject} ${time}${signer}` };
    }
    case 'authentic':
      return { headline: authenticHeadline(told), sentence: authenticSentence(told) };
    default:
      return told satisfies never;
  }
}

function authenticHeadline({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  if (worth === 'test')
    return document
      ? 'Matches, but only a chain for tests shows the time'
      : 'The proof holds, but only a chain for tests shows the time';
  if (of === 'file')
    return document
      ? 'Existed by the time below; by whom is not stated'
      : 'The time-stamp holds; no document was compared';
  if (who === 'unchecked')
    return document
      ? 'Matches and existed by the time below; the signer was not checked'
      : 'The proof holds; the signer was not checked and no document was compared';
  return document ? 'Authentic' : 'The proof holds; no document was compared';
}

function authenticSentence({ document, of, who, worth }: Extract<Headline, { verdict: 'authentic' }>): string {
  const subject = !document
    ? 'The proof holds, for whichever document has the recorded fingerprint.'
    : of === 'file'
      ? 'This file is exactly the one that was time-stamped, byte for byte.'
      : 'This file is exactly the one that was registered, byte for byte.';
  const signer =
    of === 'file'
      ? 'Nothing in it says who had it made.'
      : who === 'unchecked'
        ? 'Who registered it was not checked: anybody can run a log and name an agency.'
        : 'The signature is that of the expected log.';
  return `${subject} ${AUTHENTIC_TIME[worth]} ${signer}`;
}

const AUTHENTIC_TIME = {
  public: 'Its time is attested from outside the log.',
  test: 'Its time is attested by a chain for tests alone, which proves nothing outside a test.',
  foreign: 'Its time is attested by a chain that is not known here; what that proves depends on who runs it.',
  unnamed: 'Its time is attested by a chain of which no source could tell which one it is.',
} as const;

const MISMATCH: Record<MismatchCause, { headline: string; sentence: string }> = {
  'line-endings': {
    headline: 'Does not match',
    sentence:
      'The text is the same, but its line endings were converted (CRLF and LF), which makes it another file. This happens when text files travel between systems.',
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
};

const UNAVAILABLE: Record<UnavailableCause, string> = {
  'no-salt':
    'The registration is salted so that nobody can guess the document from it, and the proof used here lacks the salt.',
  'other-algorithm': 'No fingerprint of the kind that the record has was given, so the document was not compared.',
  signer: 'The key of the expected log could not be fetched, so the signer was not checked.',
  contradicted:
    'The sources contradict each other about its time, so nothing was decided. That says nothing against the document.',
  outage: 'Something that this check needs could not be had just now. That says nothing against the document.',
  'test-chain': 'Only a chain for tests attests its time, and chains for tests were not to count.',
  unsupported: 'Its time is attested in a way that this version cannot check. That says nothing against the document.',
  'nothing-given': 'Nothing was given that its time could be checked against. That says nothing against the document.',
};

const UNREADABLE: Record<UnreadableKind, string> = {
  empty: 'The file is empty. It was probably not saved or sent completely.',
  html: 'The file is a web page, not a proof. Probably a page with an error or a sign-in was saved in its place.',
  pdf: 'The file is a PDF, not a proof. Probably the document was given in place of its proof.',
  zip: 'The file is an archive, not a proof. The proof may be inside it.',
  'utf-16': 'The file is text in UTF-16. Probably an editor saved it in that encoding.',
  'byte-order-mark': 'The file begins with a byte order mark. Probably an editor added it when saving.',
  base64: 'The file is base64 text. Probably it was taken from a message before it was decoded.',
  hex: 'The file is hexadecimal text. Probably a program printed it in that form.',
  'cut-short': 'The file ends in the middle. Probably a download or a message was cut off.',
  receipt:
    'The file is a receipt: the promise of a proof, handed out when a record is accepted. It is not the proof itself.',
  'signed-note': 'The file is a signed checkpoint of a log. It is a part of a proof, and not one by itself.',
  'time-stamp': 'The file is the time-stamp of an authority. It is a part of a proof, and not one by itself.',
  'other-json': 'The file is JSON, but not a proof.',
  'newer-version': 'The proof is of a version that is newer than this verifier.',
  'too-large': 'The file is larger than any proof. Probably another file was given in its place.',
  damaged:
    'The file does not have the form of a proof. It may have been damaged on its way, or be another kind of file.',
};

const INNOCENT: Record<InnocentCause, string> = {
  're-saved': 'It was opened and saved again, or exported anew: even an unchanged text gives another file.',
  screenshot: 'It is a screenshot or a photo of the document.',
  messenger: 'A messenger or mail program compressed or converted it. Send it as a file or in an archive.',
  printed: 'It was printed and scanned.',
  'signed-afterwards': 'A signature, stamp or note was added after it was registered.',
  'line-endings': 'It is a text file, and its line endings were converted on the way.',
};

const CARRIED = {
  agencySignature: 'the agency’s own signature',
  supersedes: 'which record this one replaces',
  provenance: 'how the document came to be',
} as const;

const FINALITY: Record<Finality, string> = {
  final: ' That block counts as final.',
  confirmed: ' That block is not final yet: its chain may still replace it.',
  unknown: ' Whether that block is final is not known.',
};

const SILENCE: Record<Silence['reason'], string> = {
  unreachable: 'unreachable',
  contradicted: 'asks others, and they contradict each other',
  'unknown-chain': 'does not tell which chain it serves',
  'no-such-block': 'has no block at that height',
  'bad-answer': 'gave an answer that cannot be right',
  'other-chain': 'serves another chain',
  unpinned: 'a file of headers that nothing ties to the chain',
};

const UNDECIDED: Record<UndecidedReason, string> = {
  contradicted: 'the sources contradict each other',
  absent: 'its chain has no block at that height, as far as the sources know',
  'no-answer': 'no source gave a usable answer',
  'not-asked': 'there was no source to ask',
};

const TIME_ROLES: Record<TimeRole, string> = {
  received: 'the time at which the log says it received the record',
  sealed: 'the time at which the log says it sealed the batch',
  beacon: 'the time of the block that the batch names',
  anchor: 'the time of the anchor',
  now: 'the present time',
};

function note(told: Note, { format }: Telling): string {
  switch (told.note) {
    case 'innocent-cause':
      return INNOCENT[told.cause];
    case 'no-document':
      return 'No document was compared: the answer holds for whichever document has the recorded fingerprint.';
    case 'test-chain':
      return `Test only: the time comes from ${chainName(told.chain)}, which proves nothing outside a test.`;
    case 'foreign-chain':
      return `The time comes from ${chainName(told.chain)}, which is not known here. What it proves depends on who runs that chain.`;
    case 'unnamed-chain':
      return 'No source could tell which Bitcoin network its block belongs to. Compare the block elsewhere before you rely on the time.';
    case 'not-final':
      return 'The block that shows the time is not final yet: its chain may still replace it.';
    case 'finality-unknown':
      return 'No source could tell whether the block that shows the time is final.';
    case 'times-contradict':
      return contradiction(told.contradiction, format);
    case 'not-anchored':
      return 'Nothing outside the log has shown so far by when it existed.';
    case 'bad-anchors':
      return told.count === 1
        ? 'One other attestation of the time does not hold. The answer does not rest on it.'
        : `${format.number(told.count)} other attestations of the time do not hold. The answer does not rest on them.`;
    case 'open-anchors':
      return told.count === 1
        ? 'One other attestation of the time was not decided. The answer does not need it.'
        : `${format.number(told.count)} other attestations of the time were not decided. The answer does not need them.`;
    case 'log-word':
      return `That it was received on ${format.date(told.receivedAt)} and sealed on ${format.date(told.sealedAt)} is the word of the log’s operator alone.`;
    case 'agency-claimed':
      return `“${told.agency}” is what the proof claims. Anybody can run a log and name an agency.`;
    case 'not-the-content':
      return 'This shows that the file existed unchanged. It does not show that what the file says is true.';
    default:
      return told satisfies never;
  }
}

function when({ contradicted, notAfter, notBefore }: When, pending: boolean, { format }: Telling): Answer {
  const basis: string[] = [];
  if (notAfter !== undefined) basis.push(`Shown by ${boundPlace(notAfter.by, format)}.`);
  if (notBefore !== undefined)
    basis.push(
      `Its batch was closed no earlier than ${format.date(notBefore.time)}, since it names ${boundPlace(notBefore.by, format)}.`,
    );
  if (contradicted)
    basis.push('Its times contradict each other: at least one clock is wrong, and which one is not known.');
  if (notAfter !== undefined)
    return {
      text:
        notAfter.subject.kind === 'document'
          ? `No later than ${format.date(notAfter.time)}.`
          : `Registered no later than ${format.date(notAfter.time)}.`,
      basis,
    };
  return {
    text: pending ? 'Not shown yet by anything outside the log.' : 'Not shown: no attestation of its time was decided.',
    basis,
  };
}

function boundPlace(
  by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by'],
  format: Format,
): string {
  const chain = chainOf(by);
  if (chain === null || !('height' in by))
    return `a time-stamp of ${'authority' in by ? by.authority : ''}, by that authority’s clock`;
  return `${blockName(chain, by.height, format)}, by ${clockOf(chain)}`;
}

function clockOf(chain: NamedChain): string {
  return chain.kind === 'bitcoin'
    ? 'the time that its miner set, which may be two hours off'
    : 'the time that the nodes that make its blocks set';
}

function chainName(chain: NamedChain): string {
  switch (chain.kind) {
    case 'bitcoin':
      return chain.network === null || chain.network === 'mainnet' ? 'Bitcoin' : `Bitcoin’s ${chain.network}`;
    case 'known':
      return `${chain.name} (chain ${chain.id})`;
    case 'test':
      return `a chain for tests (chain ${chain.id})`;
    case 'impostor':
      return `a chain that uses the id of ${chain.name} (${chain.id}) and is not that chain`;
    case 'numbered':
      return `chain ${chain.id}`;
    case 'other':
      return `the chain “${chain.text}”`;
    default:
      return chain satisfies never;
  }
}

/** `Bitcoin block 840,000`, `block 5 of Ethereum (chain 1)`. */
function blockName(chain: NamedChain, height: number, format: Format): string {
  return chain.kind === 'bitcoin' && (chain.network === null || chain.network === 'mainnet')
    ? `Bitcoin block ${format.number(height)}`
    : `block ${format.number(height)} of ${chainName(chain)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function silences(silent: readonly Silence[]): string {
  if (silent.length === 0) return '';
  return ` Not counted: ${silent.map(({ reason, source }) => `${source} (${SILENCE[reason]})`).join('; ')}.`;
}

function shown(blocks: readonly ShownBlock[], format: Format): string {
  return blocks.map(({ hash, sources, timeMs }) => `${sources.join(', ')}: ${hash}, ${format.date(timeMs)}`).join('; ');
}

function formatSentence(finding: FormatFinding): string {
  if (finding.outcome === 'failed') return UNREADABLE[finding.reason];
  return finding.format === 'opentimestamps'
    ? 'The file is an OpenTimestamps file and has the exact form that its format requires.'
    : 'The proof is complete and has the exact form that its format requires.';
}

function documentSentence(finding: DocumentFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return finding.blinded
        ? 'The fingerprint of the document, together with the salt, gives the registered one.'
        : 'The fingerprint of the document equals the registered one.';
    case 'failed':
      if (finding.reason === 'line-endings')
        return 'The fingerprint differs from the registered one, but the same text with the other kind of line endings has it.';
      return finding.blinded
        ? 'The fingerprint of the document, together with the salt, does not give the registered one.'
        : `The fingerprint of the document is ${finding.digest} (${finding.algorithm}), the registered one is ${finding.recorded}.`;
    case 'unavailable':
      return finding.reason === 'no-salt'
        ? 'The registered fingerprint is salted, and the salt is not in this proof.'
        : `The record has fingerprints of the kind ${finding.recorded.join(', ')}, and none of that kind was given.`;
    case 'not-applicable':
      return 'No document was given, so nothing was compared.';
    default:
      return finding satisfies never;
  }
}

function checkpointFault(
  subject: string,
  reason: 'other-origin' | 'other-size' | 'other-root' | 'other-key-name' | 'bad-signature' | 'not-signed',
): string {
  switch (reason) {
    case 'other-origin':
      return `${subject} is that of another log.`;
    case 'other-size':
      return `${subject} names another size.`;
    case 'other-root':
      return `${subject} names another root.`;
    case 'other-key-name':
      return `${subject} is that of another log than the one whose key the proof has.`;
    case 'bad-signature':
      return `The signature does not fit: ${subject.charAt(0).toLowerCase()}${subject.slice(1)} was altered or signed by another.`;
    case 'not-signed':
      return `${subject} does not carry the log’s signature.`;
    default:
      return reason satisfies never;
  }
}

function logKeySentence(finding: LogKeyFinding, { place }: Telling): string {
  switch (finding.outcome) {
    case 'passed':
      return place.kind === 'page'
        ? `The signing key is the one that ${place.service} publishes. Only this page’s own service vouches for it.`
        : 'The signing key is one that you trust.';
    case 'failed':
      return place.kind === 'page'
        ? `The signing key is not the one that ${place.service} publishes.`
        : 'The signing key is none of those that you trust.';
    case 'unavailable':
      return place.kind === 'page'
        ? `The key of ${place.service} could not be fetched, so the signer was not checked.`
        : 'The key to compare with could not be fetched, so the signer was not checked.';
    case 'not-applicable':
      return 'The signer was NOT checked: no key was given to compare with.';
    default:
      return finding satisfies never;
  }
}

function anchorTitle(finding: AnchorFinding): string {
  switch (finding.kind) {
    case 'none':
      return 'The time is attested from outside the log';
    case 'unknown':
      return 'The time is attested in a way that is not known here';
    case 'bitcoin':
      return `The time is anchored in ${'network' in finding ? chainName({ kind: 'bitcoin', network: finding.network }) : 'Bitcoin'}`;
    case 'evm':
      return `The time is anchored in ${'genesis' in finding ? chainName(namedEvmChain(finding)) : `chain ${finding.chainId}`}`;
    case 'rfc3161':
      return 'The time is signed by a time-stamp authority';
    default:
      return finding satisfies never;
  }
}

function anchorSentence(finding: AnchorFinding, { format }: Telling): string {
  const subject = SUBJECTS[finding.subject.kind];
  switch (finding.kind) {
    case 'none':
      return finding.outcome === 'pending'
        ? 'Nothing outside the log attests the time yet, as far as this proof knows.'
        : `The proof has ${format.number(finding.count)} more attestations than are looked at.`;
    case 'unknown':
      return `Nothing here can check an attestation of the kind “${finding.name}”.`;
    case 'bitcoin':
      return bitcoinSentence(finding, subject, format);
    case 'evm':
      return evmSentence(finding, subject, format);
    case 'rfc3161':
      return stampSentence(finding, format);
    default:
      return finding satisfies never;
  }
}

/** What an anchor binds. Of a bare file it is a digest: whether that is the document's is for another line to say. */
const SUBJECTS: Record<Subject['kind'], string> = {
  checkpoint: 'the log’s root',
  document: 'the time-stamped digest',
};

function bitcoinSentence(finding: BitcoinAnchor, subject: string, format: Format): string {
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable': {
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `Whether ${subject} is in ${blockName(BITCOIN, finding.height, format)} was not decided: ${UNDECIDED[finding.reason]}.${finding.blocks.length === 0 ? '' : ` Shown were ${shown(finding.blocks, format)}.`}${silences(finding.silent)}`;
      const chain: NamedChain = { kind: 'bitcoin', network: finding.network };
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${capital(subject)} is bound into ${blockName(chain, finding.height, format)}, so it existed no later than ${format.date(finding.time)}, by ${clockOf(chain)}.${FINALITY[finding.finality]} Shown by ${finding.sources.join(', ')}.${silences(finding.silent)}`;
    }
    case 'pending':
      return `The calendar ${finding.calendar} has accepted it and promised to bind it into a Bitcoin block, which usually takes hours.`;
    case 'failed':
      switch (finding.reason) {
        case 'bad-timestamp':
          return 'This OpenTimestamps attestation does not have the form that its format requires, so it shows nothing.';
        case 'bad-root':
          return `What should be the Merkle root of ${blockName(BITCOIN, finding.height, format)} has ${format.number(finding.bytes)} bytes instead of 32, so it shows nothing.`;
        case 'other-block':
          return `${capital(subject)} is not in ${blockName(BITCOIN, finding.height, format)}: that block has another Merkle root (${finding.got.sources.join(', ')}).${silences(finding.silent)}`;
        default:
          return finding satisfies never;
      }
    default:
      return finding satisfies never;
  }
}

const BITCOIN: NamedChain = { kind: 'bitcoin', network: null };
const NOT_COUNTED = 'Not counted, since chains for tests were not to be: ';

function evmSentence(finding: EvmAnchor, subject: string, format: Format): string {
  if (finding.outcome === 'failed' && finding.reason === 'bad-attestation')
    return `The attestation of chain ${finding.chainId} does not hold in itself, so it shows nothing.`;
  const chain = namedEvmChain(finding);
  const block = blockName(chain, finding.height, format);
  switch (finding.outcome) {
    case 'passed':
    case 'unavailable':
      if (finding.outcome === 'unavailable' && finding.reason !== 'test-chain')
        return `Whether ${block} is the one that ${subject} is bound into was not decided: ${UNDECIDED[finding.reason]}.${finding.blocks.length === 0 ? '' : ` Shown were ${shown(finding.blocks, format)}.`}${silences(finding.silent)}`;
      return `${finding.outcome === 'unavailable' ? NOT_COUNTED : ''}${capital(subject)} is bound into ${block}, so it existed no later than ${format.date(finding.time)}, by ${clockOf(chain)}.${FINALITY[finding.finality]} Shown by ${finding.sources.join(', ')}.${silences(finding.silent)}`;
    case 'failed':
      return `${capital(block)} is another block than the one that ${subject} is bound into: that one was lost when the chain was reorganised, or never was in it (${finding.got.sources.join(', ')}).${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function stampSentence(finding: Rfc3161Anchor, format: Format): string {
  if (finding.outcome === 'failed') return 'This time-stamp does not hold, so it shows nothing.';
  if (finding.outcome === 'passed') {
    const expired = finding.expired
      ? ` The authority’s certificate has expired since (${format.date(finding.expiresAt)}), which takes nothing from the time-stamp.`
      : '';
    const revocation =
      finding.revocation === 'unknown'
        ? ' Whether its certificate had been revoked is not known.'
        : finding.revokedLater === null
          ? ''
          : ` Its certificate was revoked on ${format.date(finding.revokedLater)}, for a reason that leaves the time-stamp good.`;
    return `${signed(finding, format)} Its root certificate, ${finding.top.name}, is one that is trusted here.${expired}${revocation}`;
  }
  switch (finding.reason) {
    case 'unsupported':
      return 'The time-stamp uses an algorithm that this version does not have, so it was not checked.';
    case 'no-crypto':
      return 'This page was not loaded over a secure connection, so the browser does not verify time-stamps.';
    case 'no-verifier':
      return 'The part of this page that verifies time-stamps could not be loaded.';
    case 'no-roots':
      return `${signed(finding, format)} No root certificate that you trust was given, so whether this authority can be trusted was not decided.`;
    case 'roots-unreachable':
      return `${signed(finding, format)} The list of trusted authorities could not be fetched, so whether this authority can be trusted was not decided.`;
    case 'unknown-root':
      return `${signed(finding, format)} It leads to ${finding.top.name}, which is not among the trusted root certificates, so whether this authority can be trusted was not decided.`;
    default:
      return finding satisfies never;
  }
}

function signed({ accuracyMs, authority, genTime }: TimeStampFacts, format: Format): string {
  const accuracy = accuracyMs === null ? '' : `, give or take ${format.span(accuracyMs)}`;
  return `${authority} signed the log’s checkpoint on ${format.date(genTime)}, by its own clock${accuracy}.`;
}

function beaconSentence(finding: BeaconFinding, format: Format): string {
  if (finding.outcome === 'not-applicable')
    return 'reason' in finding
      ? `The batch is the first of a log that follows another: instead of a block it names the head of that log (${format.number(finding.size)} ${finding.size === 1 ? 'batch' : 'batches'}, root ${finding.root}), which is not looked at here. Only the latest possible time can be shown.`
      : 'The batch names no block, so only the latest possible time can be shown.';
  const block = blockName(namedBeaconChain(finding.chain), finding.height, format);
  switch (finding.outcome) {
    case 'passed':
      return `The batch names ${block}, whose hash nobody could foresee, so the batch was closed no earlier than ${format.date(finding.time)}. Shown by ${finding.sources.join(', ')}.${silences(finding.silent)}`;
    case 'failed':
      return `${capital(block)}, which the batch names, has another hash in its chain (${finding.got.sources.join(', ')}), so nothing shows that the batch is not older. This does not affect the latest possible time.${silences(finding.silent)}`;
    case 'unavailable':
      if (finding.reason === 'unknown-chain')
        return `The batch names ${block}, which this version cannot check. This does not affect the latest possible time.`;
      if (finding.reason === 'test-chain')
        return `Not counted, since chains for tests were not to be: the batch names ${block}, of ${format.date(finding.time)}. Shown by ${finding.sources.join(', ')}.`;
      return `The batch names ${block}, which was not decided: ${UNDECIDED[finding.reason]}. This does not affect the latest possible time.${finding.blocks.length === 0 ? '' : ` Shown were ${shown(finding.blocks, format)}.`}${silences(finding.silent)}`;
    default:
      return finding satisfies never;
  }
}

function contradiction({ earlier, later, toleranceMs }: TimeContradiction, format: Format): string {
  const allowed =
    toleranceMs === 0 ? '' : ` ${capital(format.span(toleranceMs))} of difference between the clocks were allowed for.`;
  return `${capital(TIME_ROLES[earlier.role])} (${format.date(earlier.time)}) should not come after ${TIME_ROLES[later.role]} (${format.date(later.time)}), and does: at least one clock is wrong.${allowed}`;
}

function validitySentence(finding: ValidityFinding, format: Format): string {
  switch (finding.outcome) {
    case 'not-applicable':
      return 'The agency stated no period of validity.';
    case 'passed':
      if (finding.validUntil === undefined)
        return 'Today is within the period that the agency stated, which has no end. Whether it was revoked since is another question.';
      return `Today is within the period that the agency stated, which ends on ${format.date(finding.validUntil)}. Whether it was revoked since is another question.`;
    case 'failed':
      return finding.reason === 'expired'
        ? `The period that the agency stated ended on ${format.date(finding.validUntil)}.`
        : `The period that the agency stated begins on ${format.date(finding.validFrom)}.`;
    default:
      return finding satisfies never;
  }
}

function companionSentence(finding: CompanionFinding): string {
  switch (finding.outcome) {
    case 'passed':
      return 'It is about the same document. What it attests is listed with the others.';
    case 'failed':
      return finding.blinded
        ? 'It is about another document. Its record holds a salted fingerprint alone, which does not show which one.'
        : `It is about another document, whose fingerprint (${finding.algorithm}) is ${finding.recorded}.`;
    case 'unavailable':
      if (finding.reason === 'another-proof')
        return `It is a proof of its own: its record (${finding.id}) is about the same document. Nothing else in it was checked; verify it by itself.`;
      return finding.reason === 'unreadable'
        ? `It was not checked. ${UNREADABLE[finding.kind]}`
        : 'It was not checked: the document was not given in a form that it could be compared with.';
    default:
      return finding satisfies never;
  }
}

const HAND_IN: Record<UnreadableKind, string> = {
  empty: 'Get the proof again from where you got it.',
  html: 'Open the link again, sign in if you are asked to, and save the proof itself.',
  pdf: 'Hand in the proof that came with the document, usually a .json or .ots file.',
  zip: 'Unpack the archive and hand in the proof that is in it.',
  'utf-16': 'Save the file as UTF-8, or get the proof again without opening it in an editor.',
  'byte-order-mark':
    'Save the file as UTF-8 without a byte order mark, or get the proof again without opening it in an editor.',
  base64: 'Save the attachment from your mail program, or decode the text first.',
  hex: 'Get the proof again as a file, or decode the text first.',
  'cut-short': 'Get the proof again, and send it as a file or in an archive.',
  receipt: 'Get the proof of the record that the receipt names, from the service or from the agency.',
  'signed-note': 'Hand in the proof that came with the document, usually a .json or .ots file.',
  'time-stamp': 'Hand in the proof that came with the document, or check the time-stamp with OpenSSL.',
  'other-json': 'Hand in the proof that came with the document.',
  'newer-version': 'Get a newer verifier.',
  'too-large': 'Hand in the proof that came with the document, usually a .json or .ots file.',
  damaged: 'Get the proof again from where you got it, without opening it in an editor.',
};

function remedy(told: Remedy, { place }: Telling): string {
  const page = place.kind === 'page';
  switch (told.remedy) {
    case 'hand-in-proof':
      return HAND_IN[told.kind];
    case 'use-original':
      return 'Use the file exactly as the agency issued it: download it again, or ask the sender to send it as a file or in an archive.';
    case 'restore-line-endings':
      return 'Use the file as it was issued, sent in binary form or in an archive, or convert its line endings back.';
    case 'give-document':
      return page ? 'Add the document, to compare it.' : 'Give the document itself, to compare it.';
    case 'give-digest':
      return page
        ? 'Add the document itself.'
        : `Give the document itself, or --digest of one of these: ${told.algorithms.join(', ')}.`;
    case 'give-salt':
      return page
        ? 'Add the proof that the document’s holder received: the salt is in it.'
        : 'Use the proof that the document’s holder received, keep FILE.sealroot-salt.json beside the document, or give --salt.';
    case 'get-proof-again':
      return 'Get the proof again from where you got it, or from the service.';
    case 'renew-proof':
      return 'Get the proof again later: a newer one has what this one lacks.';
    case 'ask-whose-log':
      return 'Ask the agency with which service it registers documents and which key that service publishes.';
    case 'pin-log-key':
      return page
        ? 'Compare the key with the one that the service’s operator publishes.'
        : 'Get the key from the service’s operator and give it with --log-key.';
    case 'try-later':
      return page
        ? 'Try again later, or compare by hand as said below.'
        : 'Try again later, ask another source, or compare by hand as said below.';
    case 'newer-verifier':
      return 'A newer version of this program, or another one, may be able to check it.';
    case 'ask-independent-source':
      return page
        ? 'Compare by hand in a place that you trust, as said below.'
        : 'Ask a source that you trust, such as a node of your own, or compare by hand as said below.';
    case 'give-source':
      if (page) return 'Compare by hand in any block explorer, as said below.';
      return told.chain === 'bitcoin'
        ? 'Give a source with --bitcoin-rpc, --esplora or --headers, or compare by hand as said below.'
        : 'Give a node of that chain with --evm-rpc, or compare by hand as said below.';
    case 'pin-headers':
      return page
        ? 'Compare by hand in any block explorer, as said below.'
        : 'Use a file of headers that starts at block 0, or give a block in it that you know to be right with --pin-block HEIGHT:HASH, or compare by hand as said below.';
    case 'wait-for-block':
      return 'Get the proof again in some hours: once the block is there, the newer proof names it.';
    case 'secure-connection':
      return 'Open the page by its https address, or check the time-stamp with OpenSSL or the command-line program.';
    case 'reload':
      return 'Load the page again.';
    case 'give-root':
      return page
        ? 'Compare the fingerprint of the root certificate with the one that the authority publishes.'
        : 'Compare the fingerprint of the root certificate with the one that the authority publishes, then give that certificate with --tsa-root.';
    case 'rely-on-neither':
      return 'Rely on none of these times alone. The fingerprint and the signatures are not affected.';
    case 'ask-for-newer':
      return 'Ask the agency whether the document has been renewed.';
    case 'hand-in-fitting':
      return 'Leave that file out, or hand in the one that belongs to this document.';
    default:
      return told satisfies never;
  }
}

function comparison(item: Comparison, format: Format): { what: string; where: string } {
  switch (item.compare) {
    case 'merkle-root':
      return {
        what: `Merkle root of ${blockName(item.chain, item.height, format)}`,
        where: 'any block explorer or node of that chain',
      };
    case 'block-hash':
      return {
        what: `Hash of ${blockName(item.chain, item.height, format)}`,
        where: 'any block explorer or node of that chain',
      };
    case 'genesis':
      return {
        what: `Hash of block 0 of ${chainName(item.chain)}`,
        where: 'any block explorer or node of that chain',
      };
    case 'root-certificate':
      return {
        what: `SHA-256 fingerprint of the certificate ${item.name}`,
        where: 'what the authority publishes',
      };
    case 'log-key':
      return { what: 'Key of the log', where: 'what the service’s operator publishes' };
    case 'digest':
      return {
        what: `Fingerprint (${item.algorithm}) in the proof`,
        where: 'that of the document, computed by any program',
      };
    default:
      return item satisfies never;
  }
}

function fileNote({ file, note: fate }: FileNote): string {
  switch (fate) {
    case 'merged':
      return `${file}: another proof of the same record. What both say was verified.`;
    case 'other-document':
      return `${file}: passed over, since it is about another document.`;
    case 'other-record':
      return `${file}: passed over, since it is about another record of the same document. Verify it on its own.`;
    case 'not-compared':
      return `${file}: passed over, since nothing was given that it could be compared with.`;
    case 'unreadable':
      return `${file}: passed over, since it cannot be read as a proof.`;
    case 'salt-used':
      return `${file}: the salt in it was used.`;
    default:
      return fate satisfies never;
  }
}
