import type { AuditWords } from '../audit-words.js';

const WHO = 'Either the service serves what it has not signed, or it was changed on the way.';

/** What an audit of a log finds. */
export const audit: AuditWords = {
  signature: {
    notSigned: (key, signers) =>
      `The newest checkpoint carries no signature by the log's key, ${key}; it is signed in the name of ${signers}. Either the log was begun anew under another key, or somebody else answers. ` +
      'Once the operator has confirmed another key, audit that log with a state file of its own.',
    wrong: (key) => `The newest checkpoint carries a signature in the name of the log's key, ${key}, that is wrong.`,
  },
  fork: (before, now) =>
    `The log has two histories: its signed checkpoints of ${before} and of ${now} batches cannot both be true. The two notes together show it to everybody.`,
  rollback: (before, now) =>
    `The service shows the log with ${now} batches; it has shown it with ${before} before. Either it answers with an old checkpoint, or it has lost a part of the log.`,
  otherLog: (before, now) =>
    `The service shows the log ${now}; before, it showed the log ${before}. Audit the new log with a state file of its own.`,
  logTiles: (size) =>
    `The hashes that are served do not lead to the root in the signed checkpoint of ${size} batches. ${WHO}`,
  logEntry: (batch) => `The entry that is served for batch ${batch} is not the one in the signed log. ${WHO}`,
  batchRoot: (batch) =>
    `What is served as the entries of batch ${batch} does not lead to its root, and nothing after it could be checked. ${WHO}`,
  entry: {
    malformed: (batch) =>
      `What the log holds for batch ${batch} is not a batch entry, and nothing after it could be checked.`,
    number: (batch, got) => `Batch ${batch} of the log says that it is number ${got}.`,
    first: (batch, expected, got) => `Batch ${batch} says that ${got} entries came before it; there were ${expected}.`,
    origin: (batch, expected, got) =>
      `Batch ${batch} says that it is of the log ${got}; the batch before it is of ${expected}.`,
    time: (batch, before, got) =>
      `Batch ${batch} says that it was sealed at ${got}, earlier than the batch before it (${before}).`,
  },
  event: {
    malformed: (event) => `Entry ${event} has the form of a change of status, and cannot be read as one.`,
    'not-yet-there': (event) => `The change of status ${event} is about entries that were not in the log yet.`,
    'touched-range': (event, record) =>
      `The change of status ${event} is about several records at once, and the status of record ${record} among them had changed before.`,
    previous: (event, record, expected, got) =>
      `The change of status ${event} of record ${record} says that the change before it is ${got ?? 'none'}; it is ${expected ?? 'none'}.`,
    'consumed-twice': (event, record, before) =>
      `Record ${record} was consumed twice: by the entries ${before} and ${event}.`,
    transition: (event, record, from, to) =>
      `The change of status ${event} of record ${record} leads from “${from}” to “${to}”, which the rules do not allow.`,
  },
  statusRoot: (batch) =>
    `The statuses to which batch ${batch} commits are not those that the changes in the log lead to: one was left out, or something was added.`,
  unsentEvent: (record, event, status, effectiveAt) =>
    `The log holds a change of record ${record} that was not sent from here: ${status}, effective ${effectiveAt} (entry ${event}).`,
  missingEvent: (record, includeBy) =>
    `A change of ${record === null ? 'several records' : `record ${record}`} was promised to be in the log by ${includeBy}, and is not there. The receipt shows the promise.`,
  missingRecord: (record) => `The service does not know record ${record}, for which there is a receipt here.`,
  recordPlace: (record) => `Record ${record} is not where the service says that it is in the log.`,
  result: {
    passed: (origin, batches, entries) =>
      `Nothing was found against the log ${origin}: ${batches} batches with ${entries} entries were checked.`,
    found: (count) => `Findings: ${count}.`,
    undecided:
      'The audit did not come to its end: something could not be reached or read. That says nothing against the log.',
    unchecked: "Who signs was not checked: give the log's key with --log-key.",
  },
};
