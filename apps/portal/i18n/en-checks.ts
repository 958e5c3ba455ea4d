import type { CheckCode } from '#proof/verdict.js';
import type { CheckWords } from './catalogue.js';
import { enAnchor, enBeacon } from './en-anchors.js';

/** Every check of the proof library, in English, by its code. */
export const enChecks: Record<CheckCode, CheckWords> = {
  format: {
    title: 'The proof can be read',
    sentences: {
      passed: 'The proof is complete and has the exact form that its format requires.',
      failed: 'The proof does not have the form that its format requires: it is damaged or was altered.',
      pending: 'The proof has not been read yet.',
      unavailable: 'The proof could not be read.',
      'not-applicable': 'There is no proof to read.',
    },
  },
  document: {
    title: 'The document is the registered one',
    sentences: {
      passed: 'The fingerprint computed on your device equals the registered one.',
      failed: 'The fingerprint computed on your device differs from the registered one.',
      pending: 'The document has not been compared yet.',
      unavailable: ({ reason }) =>
        reason === 'no-salt'
          ? 'The registered fingerprint is hidden, and the proof lacks the key (“salt”) that the holder’s proof file has.'
          : 'The document could not be compared, because a fingerprint that the record needs is missing.',
      'not-applicable': 'No document was given, so nothing was compared.',
    },
  },
  'record-id': {
    title: 'The record number belongs to the statement',
    sentences: {
      passed: 'The record number follows from the statement and from no other.',
      failed: 'The record number does not follow from the statement.',
      pending: 'The record number has not been compared yet.',
      unavailable: 'The record number could not be compared.',
      'not-applicable': 'There is no record number to compare.',
    },
  },
  'batch-inclusion': {
    title: 'The record is in its sealed batch',
    sentences: {
      passed: 'A chain of hashes leads from the record to the root of its batch.',
      failed: 'The chain of hashes does not lead from the record to the root of its batch.',
      pending: 'The batch has not been sealed yet.',
      unavailable: 'The batch could not be read, so the record’s place in it was not checked.',
      'not-applicable': 'There is no batch to look into.',
    },
  },
  'batch-checkpoint': {
    title: 'The batch is signed',
    sentences: {
      passed: 'The batch’s own checkpoint names the same root and carries the log’s signature.',
      failed: 'The batch’s own checkpoint names another root or its signature is wrong.',
      pending: 'The batch has not been signed yet.',
      unavailable: 'The batch’s checkpoint could not be read.',
      'not-applicable': 'The batch has no checkpoint of its own.',
    },
  },
  'log-inclusion': {
    title: 'The batch is in the public log',
    sentences: {
      passed: 'A chain of hashes leads from the batch to the root of the public log.',
      failed: 'The chain of hashes does not lead from the batch to the root of the public log.',
      pending: 'The batch has not been added to the log yet.',
      unavailable: 'The log could not be read, so the batch’s place in it was not checked.',
      'not-applicable': 'There is no log to look into.',
    },
  },
  'log-checkpoint': {
    title: 'The log is signed',
    sentences: {
      passed: 'The log’s checkpoint carries the log’s signature.',
      failed: 'The signature on the log’s checkpoint is wrong.',
      pending: 'The log’s checkpoint has not been signed yet.',
      unavailable: 'The log’s checkpoint could not be read.',
      'not-applicable': 'There is no checkpoint to check.',
    },
  },
  'log-key': {
    title: 'The signer is the expected log',
    sentences: {
      passed: 'The signing key is the one that this service states. Only the page’s own service vouches for it.',
      failed: 'The signing key is not the one that this service states.',
      pending: 'The signing key has not been compared yet.',
      unavailable: 'The service’s key could not be fetched, so who signed was not checked.',
      'not-applicable': 'Who signed was NOT checked: the service’s key could not be fetched to compare it.',
    },
    statuses: { 'not-applicable': 'Not checked' },
  },
  anchor: enAnchor,
  beacon: enBeacon,
  validity: {
    title: 'The registration is in force',
    sentences: {
      passed: 'Today lies within the period that the agency stated.',
      failed: ({ reason }) =>
        reason === 'not-yet-valid'
          ? 'The period that the agency stated has not begun yet.'
          : 'The period that the agency stated has ended.',
      pending: 'Whether the registration is in force has not been looked at yet.',
      unavailable: 'Whether the registration is in force could not be found out.',
      'not-applicable': 'The agency stated no period of validity.',
    },
  },
};
