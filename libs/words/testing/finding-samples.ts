import type { EvmFacts } from '#proof/anchors/evm/finding.js';
import type { Subject } from '#proof/anchors/finding.js';
import type { TimeStampFacts } from '#proof/anchors/rfc3161/finding.js';
import type { ShownFacts, UndecidedReason } from '#proof/anchors/shown-facts.js';
import type { DocumentHash, Finding, PathFault, UnreadableKind } from '#proof/finding.js';
import type { ShownBlock, Silence } from '#source/answer.js';

type Part<F, Member extends string> = F extends Record<Member, infer Value extends string> ? ` ${Value}` : '';

/** Name of a kind of finding: its check, its outcome, and what else tells kinds apart. */
export type FindingKey<F extends Finding = Finding> = F extends Finding
  ? `${F['check']} ${F['outcome']}${Part<F, 'kind'>}${Part<F, 'reason'>}`
  : never;

/** One entry for each member of a family of kinds. */
function family<Prefix extends string, Member extends string>(
  prefix: Prefix,
  members: readonly Member[],
  make: (member: Member) => Finding,
): Record<`${Prefix} ${Member}`, Finding> {
  return Object.fromEntries(members.map((member) => [`${prefix} ${member}`, make(member)])) as Record<
    `${Prefix} ${Member}`,
    Finding
  >;
}

/** Every kind of file that is no proof. */
export const UNREADABLE_KINDS = Object.keys({
  empty: true,
  html: true,
  pdf: true,
  zip: true,
  'utf-16': true,
  'byte-order-mark': true,
  base64: true,
  hex: true,
  'cut-short': true,
  receipt: true,
  'signed-note': true,
  'time-stamp': true,
  'other-json': true,
  'newer-version': true,
  'too-large': true,
  damaged: true,
} satisfies Record<UnreadableKind, true>) as UnreadableKind[];

const UNDECIDED = Object.keys({
  contradicted: true,
  absent: true,
  'no-answer': true,
  'not-asked': true,
} satisfies Record<UndecidedReason, true>) as UndecidedReason[];

const HASH = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);
const ETHEREUM = 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3';
const TIME = '2026-03-01T09:00:00.000Z';
const checkpoint: Subject = { kind: 'checkpoint', size: 5 };
const silent: Silence[] = [{ source: 'node.example', reason: 'unreachable', detail: 'the node does not answer' }];
const chain = { kind: 'bitcoin', network: 'mainnet' } as const;
const block: ShownBlock = {
  height: 840_000,
  hash: OTHER,
  timeMs: Date.parse(TIME),
  chain,
  sources: ['explorer.example'],
};
const shown: ShownFacts = {
  height: 840_000,
  hash: HASH,
  time: TIME,
  standing: 'public',
  finality: 'final',
  depth: 12,
  sources: ['explorer.example'],
  silent,
};
const evm: EvmFacts = { chainId: 1, genesis: ETHEREUM, transaction: OTHER };
const stamp: TimeStampFacts = {
  genTime: TIME,
  accuracyMs: 1000,
  authority: 'Stamp.example',
  serial: '1',
  policy: '1.2.3',
  top: { name: 'CN=Root.example', fingerprint: HASH, selfIssued: true },
};
const beacon = { chain: 'bitcoin', height: 839_999, hash: OTHER };
const faults = ['other-origin', 'other-size', 'other-root', 'other-key-name', 'bad-signature', 'not-signed'] as const;
const checkpointFacts = { origin: 'log.example', size: 5, root: HASH };
const path = { batch: 3, index: 1, size: 7 };
const pathFaults: Record<PathFault['reason'], PathFault> = {
  'other-root': { reason: 'other-root', root: HASH, expected: OTHER },
  'bad-path': { reason: 'bad-path', detail: 'expected 3 hashes, got 2' },
};
const pathReasons = ['other-root', 'bad-path'] as const;
const digests: { algorithm: DocumentHash; digest: string; recorded: string } = {
  algorithm: 'sha256',
  digest: HASH,
  recorded: OTHER,
};

/** One finding of every kind: a new kind does not compile until it has a sample here. */
export const FINDING_SAMPLES: Readonly<Record<FindingKey, Finding>> = {
  'format passed': { check: 'format', outcome: 'passed', format: 'sealroot/proof@2' },
  ...family('format failed', UNREADABLE_KINDS, (reason) => ({
    check: 'format',
    outcome: 'failed',
    reason,
    detail: 'expected an object',
  })),
  'document passed': { check: 'document', outcome: 'passed', algorithms: ['sha256'], blinded: false },
  ...family('document failed', ['differs', 'line-endings'] as const, (reason) => ({
    check: 'document',
    outcome: 'failed',
    reason,
    blinded: false,
    ...digests,
  })),
  ...family('document unavailable', ['other-algorithm', 'no-salt'] as const, (reason) => ({
    check: 'document',
    outcome: 'unavailable',
    reason,
    given: ['sha512'],
    recorded: ['sha256'],
  })),
  'document not-applicable': { check: 'document', outcome: 'not-applicable' },
  'record-id passed': { check: 'record-id', outcome: 'passed', id: '0192f0c1' },
  'record-id failed': { check: 'record-id', outcome: 'failed', id: '0192f0c1', computed: '0192f0c2' },
  'batch-inclusion passed': { check: 'batch-inclusion', outcome: 'passed', ...path },
  ...family('batch-inclusion failed', pathReasons, (reason) => ({
    check: 'batch-inclusion',
    outcome: 'failed',
    ...path,
    ...pathFaults[reason],
  })),
  'batch-checkpoint passed': { check: 'batch-checkpoint', outcome: 'passed', ...checkpointFacts },
  ...family('batch-checkpoint failed', faults, (reason) => ({
    check: 'batch-checkpoint',
    outcome: 'failed',
    ...checkpointFacts,
    reason,
    expected: 'log.example/batch/3',
    got: 'log.example/batch/4',
  })),
  'log-inclusion passed': { check: 'log-inclusion', outcome: 'passed', batch: 3, size: 5 },
  ...family('log-inclusion failed', pathReasons, (reason) => ({
    check: 'log-inclusion',
    outcome: 'failed',
    batch: 3,
    size: 5,
    ...pathFaults[reason],
  })),
  'log-checkpoint passed': { check: 'log-checkpoint', outcome: 'passed', ...checkpointFacts },
  ...family('log-checkpoint failed', faults, (reason) => ({
    check: 'log-checkpoint',
    outcome: 'failed',
    ...checkpointFacts,
    reason,
    expected: 'log.example',
    got: 'other.example',
  })),
  ...family('log-key', ['passed', 'failed', 'unavailable', 'not-applicable'] as const, (outcome) => ({
    check: 'log-key',
    outcome,
    key: 'log.example+01020304+AQID',
  })),
  'anchor pending none': { check: 'anchor', subject: checkpoint, kind: 'none', outcome: 'pending' },
  'anchor unavailable none too-many': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'none',
    outcome: 'unavailable',
    reason: 'too-many',
    count: 70,
  },
  'anchor unavailable unknown unsupported': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'unknown',
    outcome: 'unavailable',
    reason: 'unsupported',
    name: 'litecoin',
  },
  'anchor passed bitcoin': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'passed',
    network: 'mainnet',
    merkleRoot: HASH,
    ...shown,
  },
  'anchor unavailable bitcoin test-chain': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'unavailable',
    reason: 'test-chain',
    network: 'regtest',
    merkleRoot: HASH,
    ...shown,
    standing: 'test',
  },
  'anchor pending bitcoin promised': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'pending',
    reason: 'promised',
    calendar: 'https://calendar.example',
  },
  'anchor failed bitcoin bad-timestamp': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'failed',
    reason: 'bad-timestamp',
    detail: 'expected a tag, got the end',
  },
  'anchor failed bitcoin bad-root': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'failed',
    reason: 'bad-root',
    height: 840_000,
    bytes: 20,
  },
  'anchor failed bitcoin other-block': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'failed',
    reason: 'other-block',
    height: 840_000,
    merkleRoot: HASH,
    got: block,
    silent,
  },
  ...family('anchor unavailable bitcoin', UNDECIDED, (reason) => ({
    check: 'anchor',
    subject: checkpoint,
    kind: 'bitcoin',
    outcome: 'unavailable',
    reason,
    height: 840_000,
    merkleRoot: HASH,
    blocks: reason === 'contradicted' ? [block, { ...block, hash: HASH, sources: ['node.example'] }] : [],
    silent,
  })),
  'anchor passed evm': { check: 'anchor', subject: checkpoint, kind: 'evm', outcome: 'passed', ...evm, ...shown },
  'anchor unavailable evm test-chain': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'evm',
    outcome: 'unavailable',
    reason: 'test-chain',
    ...evm,
    ...shown,
    chainId: 31_337,
    standing: 'test',
  },
  'anchor failed evm bad-attestation': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'evm',
    outcome: 'failed',
    reason: 'bad-attestation',
    chainId: 1,
    code: 'bad-header',
    detail: 'expected a header',
  },
  'anchor failed evm other-block': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'evm',
    outcome: 'failed',
    reason: 'other-block',
    ...evm,
    height: 5,
    hash: HASH,
    got: block,
    silent,
  },
  ...family('anchor unavailable evm', UNDECIDED, (reason) => ({
    check: 'anchor',
    subject: checkpoint,
    kind: 'evm',
    outcome: 'unavailable',
    reason,
    ...evm,
    height: 5,
    hash: HASH,
    blocks: reason === 'contradicted' ? [block, { ...block, hash: HASH, sources: ['node.example'] }] : [],
    silent,
  })),
  'anchor passed rfc3161': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'rfc3161',
    outcome: 'passed',
    ...stamp,
    time: '2026-03-01T09:00:01.000Z',
    revocation: 'good',
    revokedLater: null,
    expiresAt: '2030-01-01T00:00:00.000Z',
    expired: false,
  },
  'anchor failed rfc3161 bad-token': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'rfc3161',
    outcome: 'failed',
    reason: 'bad-token',
    code: 'bad-signature',
    detail: 'expected a signature',
  },
  'anchor unavailable rfc3161 unsupported': {
    check: 'anchor',
    subject: checkpoint,
    kind: 'rfc3161',
    outcome: 'unavailable',
    reason: 'unsupported',
    detail: 'expected RSA or ECDSA, got SM2',
  },
  ...family('anchor unavailable rfc3161', ['no-crypto', 'no-verifier'] as const, (reason) => ({
    check: 'anchor',
    subject: checkpoint,
    kind: 'rfc3161',
    outcome: 'unavailable',
    reason,
  })),
  ...family('anchor unavailable rfc3161', ['no-roots', 'roots-unreachable', 'unknown-root'] as const, (reason) => ({
    check: 'anchor',
    subject: checkpoint,
    kind: 'rfc3161',
    outcome: 'unavailable',
    reason,
    ...stamp,
  })),
  'beacon not-applicable': { check: 'beacon', outcome: 'not-applicable' },
  'beacon not-applicable previous-log': {
    check: 'beacon',
    outcome: 'not-applicable',
    reason: 'previous-log',
    size: 1200,
    root: OTHER,
  },
  'beacon passed': {
    check: 'beacon',
    outcome: 'passed',
    ...beacon,
    time: TIME,
    standing: 'public',
    sources: ['explorer.example'],
    silent,
  },
  'beacon failed other-block': {
    check: 'beacon',
    outcome: 'failed',
    reason: 'other-block',
    ...beacon,
    got: block,
    silent,
  },
  'beacon unavailable unknown-chain': {
    check: 'beacon',
    outcome: 'unavailable',
    reason: 'unknown-chain',
    ...beacon,
    chain: 'dogecoin',
  },
  'beacon unavailable test-chain': {
    check: 'beacon',
    outcome: 'unavailable',
    reason: 'test-chain',
    ...beacon,
    chain: 'evm-31337',
    time: TIME,
    standing: 'test',
    sources: ['node.example'],
  },
  ...family('beacon unavailable', UNDECIDED, (reason) => ({
    check: 'beacon',
    outcome: 'unavailable',
    reason,
    ...beacon,
    blocks: reason === 'contradicted' ? [block, { ...block, hash: HASH, sources: ['node.example'] }] : [],
    silent,
  })),
  'times passed': { check: 'times', outcome: 'passed' },
  'times failed': {
    check: 'times',
    outcome: 'failed',
    contradictions: [
      {
        earlier: { role: 'received', time: '2099-01-01T00:00:00.000Z' },
        later: { role: 'anchor', time: TIME },
        toleranceMs: 7_200_000,
      },
    ],
  },
  'validity not-applicable': { check: 'validity', outcome: 'not-applicable' },
  'validity passed': { check: 'validity', outcome: 'passed', validUntil: '2030-01-01T00:00:00.000Z' },
  'validity failed expired': { check: 'validity', outcome: 'failed', reason: 'expired', validUntil: TIME },
  'validity failed not-yet-valid': { check: 'validity', outcome: 'failed', reason: 'not-yet-valid', validFrom: TIME },
  'carried not-applicable': {
    check: 'carried',
    outcome: 'not-applicable',
    members: ['agencySignature', 'supersedes', 'provenance'],
  },
  'companion passed': { check: 'companion', outcome: 'passed', file: 'a.pdf.ots' },
  'companion failed other-document': {
    check: 'companion',
    outcome: 'failed',
    reason: 'other-document',
    file: 'a.pdf.ots',
    blinded: false,
    ...digests,
  },
  ...(Object.fromEntries(
    UNREADABLE_KINDS.map((kind) => [
      `companion unavailable ${kind} unreadable`,
      {
        check: 'companion',
        outcome: 'unavailable',
        reason: 'unreadable',
        file: 'a.pdf.ots',
        kind,
        detail: 'expected a proof',
      },
    ]),
  ) as Record<`companion unavailable ${UnreadableKind} unreadable`, Finding>),
  'companion unavailable another-proof': {
    check: 'companion',
    outcome: 'unavailable',
    reason: 'another-proof',
    file: 'b.sealroot.json',
    id: OTHER,
  },
  'companion unavailable not-comparable': {
    check: 'companion',
    outcome: 'unavailable',
    reason: 'not-comparable',
    file: 'a.pdf.ots',
  },
};
