import type { OfflineWords } from '../offline-words.js';

/** The page as one file. */
export const offline: OfflineWords = {
  page: {
    title: 'Check a document offline · Sealroot 印证',
    lead: 'Find out whether a file is exactly the one that a public agency registered, and by when it existed: without any network, from the document, its proof and what you give this page to go by.',
    withoutScript:
      'This page checks your document on your own device. It needs JavaScript for that, which is switched off.',
    privacy: 'This page can reach no network. Nothing that you give it leaves this device, and nothing is kept.',
    hint: 'Drop the document and its proof (.json or .ots) here, or one file with the proof inside.',
  },
  needProof: {
    title: 'Now add the proof',
    text: 'Without a network nobody can be asked whether this file was registered. That says nothing about the document.',
    reasons: [
      'Add the proof that came with the document (.json), or the document in the form that has its proof inside.',
      'Whoever issued the document has its proof. The service with which it was registered finds it by the fingerprint below.',
      'A QR code on a printed permit is checked by the page for gates (gate.html), which needs no network either.',
    ],
  },
  limits: {
    heading: 'What this page cannot know',
    items: [
      'What has become of a record since its proof was made: a later suspension or revocation. A newer proof has a newer status.',
      'Blocks of Bitcoin beyond the header file that you give, and blocks of other chains.',
      'Whether a file is registered for which you have no proof.',
    ],
  },
  basis: {
    heading: 'What this page goes by',
    lead: 'Nothing is trusted until you give it here: the key of the log, Bitcoin block headers, and root certificates of time-stamp authorities.',
    choose: 'Choose files to go by…',
    dropNow: 'Drop to go by these',
    opening: (file) => `${file} is being read …`,
    titles: { key: 'Key of the log', headers: 'Bitcoin block headers', root: 'Roots of time-stamps' },
    hints: {
      key: 'Shows who signed. The operator of the service publishes it, and the service hands it out at v1/log/key.',
      headers:
        'Show by when the document existed. The command “sealroot headers” writes the file from any Bitcoin node; every header in it is checked here.',
      root: 'Show that a time-stamp is an authority’s own. The authority publishes its root certificate (.pem).',
    },
    none: {
      key: 'None yet: the signer is not checked.',
      headers: 'None yet: what Bitcoin attests is not checked.',
      root: 'None yet: time-stamps are not checked.',
    },
    offered: { key: 'Trust this key?', root: 'Trust this root certificate?' },
    compare: {
      key: 'Compare it with what the operator has published elsewhere, letter by letter. Do not trust a key because it came together with the document.',
      root: 'Compare the fingerprint with the one that the authority publishes. Do not trust a certificate because it came together with the document.',
    },
    name: 'Name',
    fingerprint: 'SHA-256 fingerprint',
    trust: 'I have compared it: trust it',
    cancel: 'Do not trust it',
    remove: (what) => `Remove ${what}`,
    headers: (chain, from, to) => `${chain}, blocks ${from} to ${to}`,
    pinned: (height) => `Contains block ${height}, which is known.`,
    unpinned: 'None of these blocks is known, so they decide nothing. Use a file that starts at block 0.',
    faults: {
      unknown: (file) => `${file} is neither a log’s key, nor Bitcoin block headers, nor a certificate.`,
      'bad-headers': (file) => `The block headers in ${file} are damaged, or do not follow from one another.`,
      'no-root': (file) => `${file} holds no root certificate that can be used.`,
      'too-large': (file) => `${file} is too large.`,
    },
    given: (count) => `Given: ${count}`,
  },
  self: {
    heading: 'Check this file itself',
    text: 'A service that hands out this file registers its fingerprint in its own log. Compute the fingerprint of the file and look it up there:',
  },
  remedies: {
    'pin-log-key': 'Get the key from the service’s operator, and give it to this page under “What this page goes by”.',
    'try-later':
      'Give this page a file of headers that reaches this block, under “What this page goes by”, or compare by hand as said below.',
    'pin-headers':
      'Use a file of headers that starts at block 0, or compare by hand in any block explorer, as said below.',
    'give-root':
      'Compare the fingerprint of the root certificate with the one that the authority publishes, then give that certificate to this page under “What this page goes by”.',
    'give-source': {
      bitcoin:
        'Give this page a file of Bitcoin block headers, under “What this page goes by”, or compare by hand as said below.',
      evm: 'This page takes no blocks of that chain from files. Compare by hand in any block explorer, as said below.',
    },
  },
};
