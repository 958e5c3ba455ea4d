import type { FindingSentences, TitleWords } from '../finding-words.js';
import { capital, lowercase } from './grammar.js';
import { signatures } from './signatures.js';

/** What checks are about, as claims. */
export const titles: TitleWords = {
  format: 'The proof can be read',
  document: 'The document is the registered one',
  'record-id': 'The record number belongs to the statement',
  'batch-inclusion': 'The record is in its batch',
  'batch-checkpoint': 'The batch is signed',
  'log-inclusion': 'The batch is in the public log',
  'log-checkpoint': 'The log is signed',
  'log-key': 'The signer is the expected log',
  'agency-signature': 'The agency’s own key signed the record',
  authorisation: 'The key was the agency’s when the record was received',
  beacon: 'The batch is no older than a known block',
  'status-root': 'The status covers the whole log up to its checkpoint',
  'status-leaf': 'The log commits to this status of the record',
  'status-history': 'The history of the record’s status is complete',
  'event-signature': 'The agency’s own key signed the change of status',
  'event-authorisation': 'The key was the agency’s when the change was received',
  cosignature: 'The checkpoint was the newest at a known time',
  'status-age': 'The status is recent enough',
  times: 'The times fit each other',
  validity: 'It is within the stated period of validity',
  carried: 'Parts of the statement that this version does not check',
  companion: (file) => `The other file belongs to the same document: ${file}`,
};

/** What checks found. */
export const sentences: FindingSentences = {
  format: {
    proof: 'The proof is complete and has the exact form that its format requires.',
    opentimestamps: 'The file is an OpenTimestamps file and has the exact form that its format requires.',
  },
  document: {
    same: 'The fingerprint of the document equals the registered one.',
    sameBlinded: 'The fingerprint of the document, together with the salt, gives the registered one.',
    differs: (digest, algorithm, recorded) =>
      `The fingerprint of the document is ${digest} (${algorithm}), the registered one is ${recorded}.`,
    differsBlinded: 'The fingerprint of the document, together with the salt, does not give the registered one.',
    lineEndings:
      'The fingerprint differs from the registered one, but the same text with the other kind of line endings has it.',
    sameInside: (bytes) => `The file holds its own proof; the document in it, without the proof, has ${bytes} bytes.`,
    appended: (sealedBytes) =>
      `The file has more in it than was registered: its first ${sealedBytes} bytes, the proof left out, have the registered fingerprint, the whole file does not.`,
    noSalt: 'The registered fingerprint is salted, and the salt is not in this proof.',
    otherAlgorithm: (recorded) =>
      `The record has fingerprints of the kind ${recorded}, and none of that kind was given.`,
    notGiven: 'No document was given, so nothing was compared.',
  },
  recordId: {
    passed: 'The record number follows from the statement and from no other.',
    failed: (id, computed) => `The record number is ${id}, but the statement gives ${computed}.`,
  },
  batchInclusion: {
    passed: (batch) => `A chain of hashes leads from the record to the root of batch ${batch}.`,
    'other-root': (batch) => `The chain of hashes does not lead from the record to the root of batch ${batch}.`,
    'bad-path': (batch) => `The chain of hashes from the record is not one for that place in batch ${batch}.`,
  },
  logInclusion: {
    passed: (batch, size) => `A chain of hashes leads from batch ${batch} to the root of the log at size ${size}.`,
    'other-root': (batch, size) =>
      `The chain of hashes does not lead from batch ${batch} to the root of the log at size ${size}.`,
    'bad-path': (batch, size) => `The chain of hashes from batch ${batch} is not one for a log of size ${size}.`,
  },
  batchCheckpoint: 'The batch’s own checkpoint names the same root and carries the log’s signature.',
  logCheckpoint: (size) => `The log’s checkpoint at size ${size} carries the log’s signature.`,
  checkpointFaults: {
    ofBatch: 'The batch’s own checkpoint',
    ofLog: (size) => `The log’s checkpoint at size ${size}`,
    'other-origin': (checkpoint) => `${checkpoint} is that of another log.`,
    'other-size': (checkpoint) => `${checkpoint} names another size.`,
    'other-root': (checkpoint) => `${checkpoint} names another root.`,
    'other-key-name': (checkpoint) => `${checkpoint} is that of another log than the one whose key the proof has.`,
    'bad-signature': (checkpoint) =>
      `The signature does not fit: ${lowercase(checkpoint)} was altered or signed by another.`,
    'not-signed': (checkpoint) => `${checkpoint} does not carry the log’s signature.`,
  },
  logKey: {
    passed: {
      yours: 'The signing key is one that you trust.',
      page: (service) =>
        `The signing key is the one that ${service} publishes. Only this page’s own service vouches for it.`,
    },
    failed: {
      yours: 'The signing key is none of those that you trust.',
      page: (service) => `The signing key is not the one that ${service} publishes.`,
    },
    unavailable: {
      yours: 'The key to compare with could not be fetched, so the signer was not checked.',
      page: (service) => `The key of ${service} could not be fetched, so the signer was not checked.`,
    },
    'not-applicable': 'The signer was NOT checked: no key was given to compare with.',
  },
  ...signatures,
  times: {
    passed: 'No time contradicts another, as far as clocks may be off.',
    contradiction: (earlier, later) =>
      `${capital(earlier.role)} (${earlier.time}) should not come after ${later.role} (${later.time}), and does: at least one clock is wrong.`,
    allowed: (span) => `A difference of ${span} between the clocks was allowed for.`,
    roles: {
      received: 'the time at which the log says it received the record',
      sealed: 'the time at which the log says it sealed the batch',
      beacon: 'the time of the block that the batch names',
      anchor: 'the time of the anchor',
      status: 'the time as of which the status is',
      now: 'the present time',
    },
  },
  validity: {
    notStated: 'The agency stated no period of validity.',
    noEnd:
      'It is within the period that the agency stated, which has no end. Whether it was revoked since is another question.',
    until: (until) =>
      `It is within the period that the agency stated, which ends on ${until}. Whether it was revoked since is another question.`,
    expired: (until) => `The period that the agency stated ended on ${until}.`,
    'not-yet-valid': (from) => `The period that the agency stated begins on ${from}.`,
    'not-yet-recorded': (receivedAt) => `The log had no such record then: it received it on ${receivedAt}.`,
  },
  carried: {
    sentence: (members) => `Carried and not checked: ${members}.`,
    members: {
      supersedes: 'which record this one replaces',
      provenance: 'how the document came to be',
    },
  },
  companion: {
    passed: 'It is about the same document. What it attests is listed with the others.',
    otherDocument: (algorithm, recorded) =>
      `It is about another document, whose fingerprint (${algorithm}) is ${recorded}.`,
    otherDocumentBlinded:
      'It is about another document. Its record holds only a salted fingerprint, which does not show which one.',
    anotherProof: (id) =>
      `It is a proof of its own: its record (${id}) is about the same document. Nothing else in it was checked; verify it by itself.`,
    unreadable: 'It was not checked.',
    notComparable: 'It was not checked: the document was not given in a form that it could be compared with.',
  },
};
