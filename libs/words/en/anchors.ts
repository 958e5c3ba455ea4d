import type { AnchorWords } from '../anchors/anchor-words.js';
import { capital } from './grammar.js';

/** What attests a time. */
export const anchors: AnchorWords = {
  titles: {
    none: 'The time is attested from outside the log',
    unknown: 'The time is attested in a way that is not known here',
  },
  none: {
    pending: 'Nothing outside the log attests the time yet, as far as this proof knows.',
    'too-many': (count) => `The proof has ${count} more attestations than are looked at.`,
  },
  unsupported: (name) => `Nothing here can check an attestation of the kind “${name}”.`,
  subjects: { checkpoint: 'the log’s root', document: 'the time-stamped digest' },
  anchoredIn: (chain) => `The time is anchored in ${chain}`,
  block: 'Block',
  suppliedBy: 'Supplied by',
  bound: (subject, block, time, clock) =>
    `${capital(subject)} is bound into ${block}, so it existed no later than ${time}, by ${clock}.`,
  alike: (count) => `${count} attestations come to this.`,
  bitcoin: {
    merkleRoot: 'Its Merkle root',
    steps: {
      file: 'Keep the .ots file beside the document and check it with any OpenTimestamps program:',
      block: (height) =>
        `Compare the Merkle root of Bitcoin block ${height} in any block explorer with the one under “Registration” above.`,
    },
    promised: (calendar) =>
      `The calendar ${calendar} has accepted it and promised to bind it into a Bitcoin block, which usually takes hours.`,
    'bad-timestamp':
      'This OpenTimestamps attestation does not have the form that its format requires, so it shows nothing.',
    'bad-root': (block, bytes) =>
      `What should be the Merkle root of ${block} has ${bytes} bytes instead of 32, so it shows nothing.`,
    'other-block': (subject, block, sources) =>
      `${capital(subject)} is not in ${block}: that block has another Merkle root (${sources}).`,
    undecided: (subject, block, why) => `Whether ${subject} is in ${block} was not decided: ${why}.`,
  },
  evm: {
    genesis: 'Block 0 of that chain',
    transaction: 'Transaction',
    step: (height, chain) =>
      `Compare the hash of block ${height} of ${chain} with the one under “Registration” above, in any explorer of that chain or with any of its nodes (URL):`,
    'bad-attestation': (chainId) => `The attestation of chain ${chainId} does not hold in itself, so it shows nothing.`,
    'other-block': (subject, block, sources) =>
      `${capital(block)} is another block than the one that ${subject} is bound into: that one was lost when the chain was reorganised, or never was in it (${sources}).`,
    undecided: (subject, block, why) =>
      `Whether ${block} is the one that ${subject} is bound into was not decided: ${why}.`,
  },
  rfc3161: {
    title: 'The time is signed by a time-stamp authority',
    place: (authority) => `a time-stamp of ${authority}, by that authority’s clock`,
    timeStamp: 'Time-stamp',
    accuracy: 'Accuracy',
    rootCertificate: 'Root certificate (SHA-256)',
    steps: {
      verify:
        'Keep the three time-stamp files, get the authority’s root certificate from the authority itself (ROOT.pem), and check them with OpenSSL:',
      expired:
        'The authority’s certificate has expired since, so OpenSSL must be told the time of the stamp. Keep the three time-stamp files and get the authority’s root certificate (ROOT.pem):',
    },
    signed: (authority, time, accuracy) =>
      `${authority} signed the log’s checkpoint on ${time}, by its own clock${accuracy === null ? '' : `, give or take ${accuracy}`}.`,
    trusted: (root) => `Its root certificate, ${root}, is one that is trusted here.`,
    expired: (at) => `The authority’s certificate has expired since (${at}), which does not weaken the time-stamp.`,
    revocationUnknown: 'Whether its certificate had been revoked is not known.',
    revokedLater: (at) => `Its certificate was revoked on ${at}, for a reason that leaves the time-stamp good.`,
    'bad-token': 'This time-stamp does not hold, so it shows nothing.',
    unsupported: 'The time-stamp uses an algorithm that this version does not have, so it was not checked.',
    'no-crypto': 'This page was not loaded over a secure connection, so the browser does not verify time-stamps.',
    'no-verifier': 'The part of this page that verifies time-stamps could not be loaded.',
    'no-roots':
      'No root certificate that you trust was given, so whether this authority can be trusted was not decided.',
    'roots-unreachable':
      'The list of trusted authorities could not be fetched, so whether this authority can be trusted was not decided.',
    'unknown-root': (root) =>
      `It leads to ${root}, which is not among the trusted root certificates, so whether this authority can be trusted was not decided.`,
  },
  beacon: {
    block: 'Block named by the batch',
    none: 'The batch names no block, so only the latest possible time can be shown.',
    previousLog: (batches, root, format) =>
      `The batch is the first of a log that follows another: instead of a block it names the head of that log (${format.number(batches)} ${batches === 1 ? 'batch' : 'batches'}, root ${root}), which is not looked at here. Only the latest possible time can be shown.`,
    passed: (block, time) =>
      `The batch names ${block}, whose hash nobody could foresee, so the batch was closed no earlier than ${time}.`,
    'other-block': (block, sources) =>
      `${capital(block)}, which the batch names, has another hash in its chain (${sources}), so nothing shows that the batch is not older. This does not affect the latest possible time.`,
    'unknown-chain': (block) =>
      `The batch names ${block}, which this version cannot check. This does not affect the latest possible time.`,
    'test-chain': (block, time) => `The batch names ${block}, of ${time}.`,
    undecided: (block, why) =>
      `The batch names ${block}, which was not decided: ${why}. This does not affect the latest possible time.`,
  },
};
