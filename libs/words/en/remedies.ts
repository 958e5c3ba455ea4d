import type { ComparisonTexts, RemedyWords } from '../remedy-words.js';

/** What a person can do. */
export const remedies: RemedyWords = {
  'use-original':
    'Use the file exactly as the agency issued it: download it again, or ask the sender to send it as a file or in an archive.',
  'use-sealed-part': {
    commandLine: 'Write the registered version to a file of its own with --extract FILE, and rely on that alone.',
    page: 'Download the registered version, and rely on that alone.',
  },
  'restore-line-endings':
    'Use the file as it was issued, sent in binary form or in an archive, or convert its line endings back.',
  'give-document': {
    commandLine: 'Give the document itself, to compare it.',
    page: 'Add the document, to compare it.',
  },
  'give-digest': {
    commandLine: (algorithms) => `Give the document itself, or --digest of one of these: ${algorithms}.`,
    page: 'Add the document itself.',
  },
  'give-salt': {
    commandLine:
      'Use the proof that the document’s holder received, keep FILE.sealroot-salt.json beside the document, or give --salt.',
    page: 'Add the proof that the document’s holder received: the salt is in it.',
  },
  'get-proof-again': 'Get the proof again from where you got it, or from the service.',
  'renew-proof': 'Get the proof again later: a newer one has what this one lacks.',
  'renew-status': 'Get the proof again from the service: a newer one shows a newer status.',
  'ask-whose-log': 'Ask the agency with which service it registers documents and which key that service publishes.',
  'pin-log-key': {
    commandLine: 'Get the key from the service’s operator and give it with --log-key.',
    page: 'Compare the key with the one that the service’s operator publishes.',
  },
  'try-later': {
    commandLine: 'Try again later, ask another source, or compare by hand as said below.',
    page: 'Try again later, or compare by hand as said below.',
  },
  'newer-verifier': 'A newer version of this program, or another one, may be able to check it.',
  'ask-independent-source': {
    commandLine: 'Ask a source that you trust, such as a node of your own, or compare by hand as said below.',
    page: 'Compare by hand in a place that you trust, as said below.',
  },
  'give-source': {
    commandLine: {
      bitcoin: 'Give a source with --bitcoin-rpc, --esplora or --headers, or compare by hand as said below.',
      evm: 'Give a node of that chain with --evm-rpc, or compare by hand as said below.',
    },
    page: 'Compare by hand in any block explorer, as said below.',
  },
  'pin-headers': {
    commandLine:
      'Use a file of headers that starts at block 0, or give a block in it that you know to be right with --pin-block HEIGHT:HASH, or compare by hand as said below.',
    page: 'Compare by hand in any block explorer, as said below.',
  },
  'wait-for-block': 'Get the proof again in some hours: once the block is there, the newer proof names it.',
  'secure-connection':
    'Open the page by its https address, or check the time-stamp with OpenSSL or the command-line program.',
  reload: 'Load the page again.',
  'give-root': {
    commandLine:
      'Compare the fingerprint of the root certificate with the one that the authority publishes, then give that certificate with --tsa-root.',
    page: 'Compare the fingerprint of the root certificate with the one that the authority publishes.',
  },
  'rely-on-neither': 'Rely on none of these times alone. What else was checked is not affected.',
  'ask-for-newer': 'Ask the agency whether the document has been renewed.',
  'hand-in-fitting': 'Leave that file out, or hand in the one that belongs to this document.',
};

/** What to compare by hand. */
export const comparisons: ComparisonTexts = {
  'merkle-root': (block) => `Merkle root of ${block}`,
  'block-hash': (block) => `Hash of ${block}`,
  genesis: (chain) => `Hash of block 0 of ${chain}`,
  'root-certificate': (name) => `SHA-256 fingerprint of the certificate ${name}`,
  'log-key': 'Key of the log',
  digest: (algorithm) => `Fingerprint (${algorithm}) in the proof`,
  where: {
    chain: 'any block explorer or node of that chain',
    authority: 'what the authority publishes',
    operator: 'what the service’s operator publishes',
    document: 'that of the document, computed by any program',
  },
};
