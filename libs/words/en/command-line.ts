import type { CommandLineWords } from '../command-line.js';
import { audit } from './audit.js';
import { capital } from './grammar.js';

/** What is said on the command line alone. */
export const commandLine: CommandLineWords = {
  audit,
  packs: {
    valid: (headers, from, to, chain) =>
      `The ${headers} headers link up and show their work: blocks ${from} to ${to} of ${chain}.`,
    fetched: (file, { added, chain, from, newest, to }) =>
      `${file}: blocks ${from} to ${to} of ${chain}, ${added} of them new; the newest is ${newest}.`,
    same: (block) => `${capital(block)} is the one in the file.`,
    another: (block) => `${capital(block)} is another one than in the file.`,
    undecided: (block, why) => `Whether ${block} is the right one was not decided: ${why}.`,
    newestUndecided: (why) => `Which block is the newest was not decided: ${why}.`,
    unheard: 'not every source that was named shows it',
    cutShort: (file, bytes) => `${file}: an incomplete header at the end was removed (${bytes}).`,
    reorganised: (file, headers, from, to) =>
      `${file}: the chain was reorganised. Blocks ${from} to ${to} are no longer in it, and their headers were replaced (${headers}).`,
    followedTo: (block) => `The new branch was followed to ${block}.`,
    noMoreWork: (file, block) =>
      `${file}: the sources show another ${block} than the file, but no more work after it than the file has. Nothing was changed; try again after the next block.`,
    sourcesEnd: (block, wanted) => `The newest block of the sources is ${block}: there is no block ${wanted} yet.`,
    rows: { network: 'Network', start: 'Start', end: 'End', headers: 'Headers', work: 'Work', targets: 'Targets' },
    origin: {
      genesis: 'block 0 of this chain',
      pinned: 'as pinned with --start',
      unknown: 'not block 0: as good as whoever supplied it, unless it is compared (--start)',
    },
    size: (headers, bytes) => `${headers}; ${bytes} with the head`,
    work: (hashes, log2) => `${hashes} hashes expected, 2^${log2}`,
    targets: {
      checked: 'follow the rules of the network',
      unchecked: 'not checked: the network has exceptions to its rules',
    },
  },
  evidence: {
    wrote: (file) => `Wrote ${file}.`,
    exported: (count, folder) => `Wrote ${count} files to ${folder}.`,
    unchanged: (file) => `${file} has all of it already.`,
    taken: (file, what) => `${file}: nothing was written, since something else has that name. ${what}`,
    there: {
      'no-file': 'It is not a file.',
      'other-timestamp': 'It is an OpenTimestamps file of another document, or a damaged one.',
      'not-holding': 'It is a proof of the same record, and does not hold.',
      'other-record': 'It is another proof under the same record number.',
      'other-history': 'It is a proof of the same record that shows another history of the log. Keep both.',
      'too-large-together': 'It is a proof of the same record, and both together are too large for one.',
      'shows-more': 'It is a log proof of the same entry, and shows more.',
      'no-proof-inside': 'It is a file without a proof in it.',
      'other-document-inside': 'It is another document with a proof in it.',
      'other-proof-inside': 'The proof in it cannot be joined with this one.',
    },
    inputThere: (file) => `It is ${file}, which was read to make the new one.`,
    proofThere: (record) => `It is the proof of record ${record}.`,
    embedding: {
      'unknown-kind': (file) =>
        `${file} is neither a PDF nor a ZIP file. Keep the proof beside it, or put both into one ZIP file with --container.`,
      'no-end': (file) =>
        `${file} does not end as a file of its kind does; it may be damaged. Keep the proof beside it, or put both into one ZIP file with --container.`,
      signed: (file) =>
        `${file} carries a signature, which would no longer cover all of it, and Acrobat is reported to refuse such files where the signature allows no changes. Keep the proof beside it, put both into one ZIP file with --container, or say --signed.`,
      embedded: (file) => `${file} has a proof in it already. Give that file itself, to renew the proof in it.`,
      'too-large': (file) => `The proof is larger than what can be put into ${file}. Keep the proof beside it.`,
    },
    code: {
      tooLarge: (file) =>
        `${file} is too long for a code of this form: shorten the text before it is sealed, or leave it out with --no-text.`,
      noText: (file) =>
        `${file} is not a text that a code can hold (UTF-8, no hidden characters, a few lines). --no-text leaves it out.`,
    },
    noSalt: 'The document cannot be compared: its digest is blinded, and the salt is not in this proof.',
    noProof: (file, what) => `${file} cannot be read as a proof. ${what}`,
    notHolding: (record) => `The proof of record ${record} does not hold.`,
    otherThanAsked: (record, got) => `Instead of the proof of record ${record} the service handed out that of ${got}.`,
    unknown: (file, service) => `The service at ${service} has no record of ${file}.`,
    needsSalt: 'A blinded document is found only with its salt (--salt, or the salt file beside it).',
    several: (count, more, oldest, others) =>
      `${more ? 'More than ' : ''}${count} records have this digest; taking the oldest, ${oldest}.${others.length === 0 ? '' : ` Others: ${others.join(' ')}`}`,
    notSealed: (record) => `The batch of record ${record} is not sealed yet. Try again in a second.`,
    noTimestamp: {
      'no-sha256': 'An OpenTimestamps file needs a SHA-256 digest, and the record has none.',
      'no-attestation': 'An OpenTimestamps file needs an attestation of a calendar, and the proof has none yet.',
      'too-deep': 'The way from the document to a block is longer than OpenTimestamps programs read.',
      'wrong-document': 'The document, or the salt, is not the one of this proof.',
    },
    notSealedInTime: 'The batch was not sealed within the waiting time.',
    notAnchoredInTime: 'No anchor was confirmed within the waiting time; the proof is kept as it is.',
    passedOver: (file) => `${file}: passed over, since it is neither a file nor a folder.`,
    failed: (what, why) => `failed: ${what}: ${why}`,
    rejected: (why) => `rejected: ${why}`,
    otherTerms: (reference, record) =>
      `the reference ${reference} belongs to record ${record} already, which has other terms`,
    submitted: {
      accepted: (accepted, of, service, earlier) =>
        `${accepted} of ${of} documents accepted by ${service}${earlier > 0 ? ` (${earlier} of them earlier)` : ''}`,
      amount: (megabytes, seconds) => `${megabytes} MB in ${seconds} s`,
      receipts: (folder) => `receipts in ${folder}`,
      proofs: (count) => (count === 1 ? '1 proof written' : `${count} proofs written`),
      proofElsewhere: (usual, path) =>
        `${usual} was there already and is something else; it was left as it is. The proof is in ${path}.`,
      failed: (count) => `${count} failed`,
      stopped: (accepted, of, folder) =>
        `Stopped: ${accepted} of ${of} documents have a receipt in ${folder}. Run the same command again to continue.`,
    },
    pageDigest: 'A service that hands out this page registers this digest in its log: look it up there.',
    changed: (record, status, includeBy, receipt) => `${record}  ${status}  in the log by ${includeBy}  ${receipt}`,
  },
  failures: null,
};
