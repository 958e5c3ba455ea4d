import { describe, expect, it } from 'vitest';
import { next, type Rules } from './next.js';
import type { Act, Claim, Observed } from './observed.js';
import type { Progress, Version } from './progress.js';
import { blockWith, EARLY, knownWith, NOW, progressOf, refusal, RULES, sent, signed } from './testing/sample-life.js';

type Known = Partial<Observed<Version>>;
/** What is stored, what is known, what follows, and what of the progress is then another. */
type Row = [about: string, stored: Partial<Progress<Version>>, known: Known, act: Act<Version>, learned: object];

const wait = (reason: string | null): Act<Version> => ({ kind: 'wait', reason });
const store: Act<Version> = { kind: 'store' };
const look: Act<Version> = { kind: 'look' };
const sign = (replaced: Version | null, about: 'fee' | 'gas' | 'other' | null = null): Act<Version> => ({
  kind: 'sign',
  replaced,
  refusal: about && refusal(about),
});
const send = (...versions: Version[]): Act<Version> => ({ kind: 'send', versions });
const open = (held: string | null): Claim => ({ kind: 'open', held });
const fresh = { id: 'c', raw: 'c', cost: '2000' };
const unsent = { ...fresh, round: 0, offeredAt: null, offeredHeight: null, accepted: false };
const held = { number: 99, hash: 'b99', time: EARLY, transaction: 'a', paid: '900' };
const confirmed = { ...held, depth: 2, final: false };
const final = { ...held, depth: 9, final: true };
const refused = (about: 'fee' | 'gas' | 'used' | 'other'): Known => ({
  sent: { taken: null, refusal: refusal(about) },
});
const taken = (id: string): Known => ({ sent: { taken: id, refusal: null } });
const [a, b] = [sent('a'), sent('b')];
const late = { height: 106, finalHeight: 101 };
const USED = 'the claim of a was used by another transaction: when that is final, a new one is made';

function check(row: Row, rules: Rules<Version> = RULES): void {
  const [, stored, known, act, learned] = row;
  const before = progressOf(stored);
  const kept = structuredClone(before);
  expect(next(before, knownWith(known), rules)).toEqual({ progress: { ...before, ...learned }, act });
  expect(before).toEqual(kept);
}

describe('signing and sending, with a crash anywhere', () => {
  const rows: Row[] = [
    ['nothing is stored: a version is signed', {}, {}, sign(null), {}],
    [
      'what was signed is stored before anything else, so that a crash before leaves nothing behind',
      {},
      { signed: { version: fresh } },
      store,
      { transactions: [unsent] },
    ],
    ['the wallet is empty or the price too high', {}, { signed: { reason: 'it is empty' } }, wait('it is empty'), {}],
    ['a crash after storing: the claim is looked at first', { transactions: [signed('a')] }, {}, look, {}],
    ['only what is stored is sent', { transactions: [signed('a')] }, { claim: open(null) }, send(signed('a')), {}],
    [
      'the node takes it',
      { transactions: [signed('a')] },
      { claim: open(null), ...taken('a') },
      wait(null),
      { transactions: [sent('a', { offeredAt: NOW, offeredHeight: 101 })] },
    ],
    [
      'a crash after sending and before that was stored: the node has it, and it is not sent again',
      { transactions: [signed('a')] },
      { claim: open('a') },
      wait(null),
      { transactions: [sent('a', { offeredAt: NOW, offeredHeight: 101 })] },
    ],
    [
      'a crash after signing a dearer version: it is sent although the cheaper one waits',
      { transactions: [a, signed('b')] },
      { claim: open('a') },
      send(signed('b')),
      {},
    ],
    [
      'a crash after sending a dearer version: the node has it',
      { transactions: [a, signed('b')] },
      { claim: open('b') },
      wait(null),
      { transactions: [a, sent('b', { offeredAt: NOW, offeredHeight: 101 })] },
    ],
    [
      'a dearer version is sent also where the node does not show what waits',
      { transactions: [a, signed('b')] },
      { claim: open('unshown') },
      send(signed('b')),
      {},
    ],
    [
      'a block has taken one since it was looked for: it is looked for again',
      { transactions: [a] },
      { claim: { kind: 'mined' } },
      store,
      {},
    ],
  ];
  it.each(rows)('%s', (...row) => check(row));
});

describe('waiting', () => {
  const rows: Row[] = [
    ['the node has it', { transactions: [a] }, { claim: open('a') }, wait(null), {}],
    ['the node has an older version than the newest', { transactions: [a, b] }, { claim: open('a') }, wait(null), {}],
    [
      'the node was believed to have refused one that it has',
      { transactions: [sent('a', { accepted: false })] },
      { claim: open('a') },
      wait(null),
      { transactions: [a] },
    ],
    ['something waits that may be ours', { transactions: [a] }, { claim: open('unshown') }, wait(null), {}],
    [
      'the node has forgotten all: they are sent again, the newest first',
      { transactions: [a, b] },
      { claim: open(null) },
      send(b, a),
      {},
    ],
    [
      'the node takes an older one again',
      { transactions: [sent('a', { accepted: false }), b] },
      { claim: open(null), ...taken('a') },
      wait(null),
      { transactions: [a, b] },
    ],
    [
      'the node refuses all for a reason that a new version does not change',
      { transactions: [a] },
      { claim: open(null), ...refused('other') },
      wait('the node refuses it: other'),
      {},
    ],
    [
      'a version that was refused at first is offered again later',
      { transactions: [sent('a', { accepted: false })] },
      { claim: open(null) },
      send(sent('a', { accepted: false })),
      {},
    ],
    [
      'blocks go by, and no node ever took it: a dearer one would not be taken either',
      { transactions: [sent('a', { accepted: false })] },
      { ...late, claim: open(null), ...refused('other') },
      wait('the node refuses it: other'),
      {},
    ],
  ];
  it.each(rows)('%s', (...row) => check(row));
});

describe('raising the fee', () => {
  const four = ['a', 'b', 'c', 'd'].map((id) => sent(id));
  const rows: Row[] = [
    ['five blocks without it', { transactions: [a] }, { ...late, height: 105, claim: open('a') }, wait(null), {}],
    ['six blocks without it', { transactions: [a] }, { ...late, claim: open('a') }, sign(a), {}],
    ['six blocks without what does not show', { transactions: [a] }, { ...late, claim: open('unshown') }, sign(a), {}],
    [
      'the dearer version is stored before it is sent',
      { transactions: [a] },
      { ...late, claim: open('a'), signed: { version: fresh } },
      store,
      { transactions: [a, unsent] },
    ],
    [
      'six blocks since the first version, and none since the second',
      { transactions: [a, sent('b', { offeredHeight: 106 })] },
      { ...late, claim: open('b') },
      wait(null),
      {},
    ],
    [
      'the cap or the change allows no more',
      { transactions: [a] },
      { ...late, claim: open('a'), signed: { reason: 'the cap' } },
      wait('its fee is not raised: the cap'),
      {},
    ],
    [
      'as many versions as there may be',
      { transactions: four },
      { ...late, claim: open('d') },
      wait('its fee is not raised: it was 3 times'),
      {},
    ],
    [
      'the node refuses the fee of a first version: a dearer one is signed at once',
      { transactions: [signed('a')] },
      { claim: open(null), ...refused('fee') },
      sign(signed('a'), 'fee'),
      { transactions: [sent('a', { offeredAt: NOW, offeredHeight: 101, accepted: false })] },
    ],
    [
      'the node refuses the gas of a version',
      { transactions: [a] },
      { claim: open(null), ...refused('gas') },
      sign(a, 'gas'),
      {},
    ],
    [
      'the node refuses the fee, and there may be no dearer version',
      { transactions: [a] },
      { claim: open(null), ...refused('fee'), signed: { reason: 'the cap' } },
      wait('the node refuses it: fee; its fee is not raised: the cap'),
      {},
    ],
    [
      'the node refuses the fee for ever, and lies: there is an end to it',
      { transactions: four },
      { claim: open(null), ...refused('fee') },
      wait('the node refuses it: fee; its fee is not raised: it was 3 times'),
      {},
    ],
    [
      'six blocks after the node took it, it has no room for it any more',
      { transactions: [a] },
      { ...late, claim: open(null), ...refused('other') },
      sign(a, 'other'),
      {},
    ],
  ];
  it.each(rows)('%s', (...row) => check(row));
});

describe('a claim that somebody else wants', () => {
  const rival: Known = { claim: { kind: 'rival', id: 'z' } };
  const rows: Row[] = [
    [
      'before anything was taken, a coin is left to whoever has it, and outbid by nobody',
      { transactions: [signed('a')] },
      rival,
      wait('the claim of a is taken by z, which waits: another transaction is made'),
      { round: 1 },
    ],
    ['the next round begins with a version of its own', { transactions: [signed('a')], round: 1 }, {}, sign(null), {}],
    [
      'after a version was taken, any of them may be mined: it waits',
      { transactions: [a] },
      rival,
      wait('the claim of a is taken by z, which waits, and only one of them will be mined'),
      {},
    ],
    [
      'also when blocks go by',
      { transactions: [a] },
      { ...late, ...rival },
      wait('the claim of a is taken by z, which waits, and only one of them will be mined'),
      {},
    ],
    [
      'a number that was refused because it is used: from now on the blocks count',
      { transactions: [a] },
      { claim: open(null), ...refused('used') },
      wait(USED),
      { usedSince: 101 },
    ],
    [
      'the chain has another transaction with it',
      { transactions: [a] },
      { claim: { kind: 'used' } },
      wait(USED),
      { usedSince: 101 },
    ],
    [
      'so it was when looked at before, and the block is not final yet',
      { transactions: [a], usedSince: 97 },
      { claim: { kind: 'used' } },
      wait(USED),
      {},
    ],
    [
      'it is final: is there really none of ours in a block?',
      { transactions: [a], usedSince: 96 },
      { claim: { kind: 'used' } },
      { kind: 'leave' },
      {},
    ],
    [
      'there may be one: it waits',
      { transactions: [a], usedSince: 96 },
      { claim: { kind: 'used' }, isLeft: false },
      wait(USED),
      {},
    ],
    [
      'there is none: a new round begins, stored first',
      { transactions: [a], usedSince: 96 },
      { claim: { kind: 'used' }, isLeft: true },
      store,
      { round: 1, usedSince: null },
    ],
    [
      'a reorganisation gave the claim back: the blocks count anew when it goes again',
      { transactions: [a], usedSince: 96 },
      { claim: open('a') },
      wait(null),
      { usedSince: null },
    ],
  ];
  it.each(rows)('%s', (...row) => check(row));

  it('is waited for where claims have an order, as numbers of an account do', () => {
    check(
      [
        '',
        { transactions: [signed('a')] },
        { claim: { kind: 'rival', id: null } },
        wait('the claim of a is taken by another transaction that waits, and only one of them will be mined'),
        {},
      ],
      { ...RULES, yieldsClaim: false },
    );
  });
});

describe('a block', () => {
  const found: Known = { block: { kind: 'found', mined: blockWith('a') } };
  const rows: Row[] = [
    ['holds a version', { transactions: [a] }, found, wait(null), { block: { ...held, depth: 3, final: false } }],
    [
      'holds an earlier version than the newest, also one of an earlier round',
      { transactions: [a, signed('b', 1)], round: 1, usedSince: 98 },
      found,
      wait(null),
      { block: { ...held, depth: 3, final: false }, usedSince: null },
    ],
    [
      'holds a version that no node was ever seen to take, as after a crash',
      { transactions: [signed('a')] },
      found,
      wait(null),
      { transactions: [{ ...signed('a'), accepted: true }], block: { ...held, depth: 3, final: false } },
    ],
    [
      'is final as soon as the rule of the chain holds',
      { transactions: [a], block: confirmed },
      { block: { kind: 'same' }, height: 104, finalHeight: 99 },
      wait(null),
      { block: { ...held, depth: 6, final: true } },
    ],
    [
      'is not final any more when a chain with more work has fewer blocks on it',
      { transactions: [a], block: final },
      { block: { kind: 'same' } },
      wait(null),
      { block: { ...held, depth: 3, final: false } },
    ],
    [
      'is newer than the newest that was asked for',
      { transactions: [a] },
      { ...found, height: 98, finalHeight: 93 },
      wait(null),
      { block: { ...held, depth: 1, final: false } },
    ],
    [
      'gives way to another one that holds it after a reorganisation',
      { transactions: [a], block: { ...confirmed, number: 98, hash: 'b98' } },
      found,
      wait(null),
      { block: { ...held, depth: 3, final: false } },
    ],
    [
      'leaves the chain: the claim is looked at, and the blocks since it was sent do not count',
      { transactions: [a], block: confirmed },
      late,
      look,
      { block: null, transactions: [sent('a', { offeredHeight: 106 })] },
    ],
    [
      'leaves the chain, and its transaction is not back in the memory pool: it is sent again',
      { transactions: [a], block: final },
      { ...late, claim: open(null) },
      send(sent('a', { offeredHeight: 106 })),
      { block: null, transactions: [sent('a', { offeredHeight: 106 })] },
    ],
    [
      'leaves the chain, and somebody else has used the claim in the other one',
      { transactions: [a], block: confirmed },
      { ...late, claim: { kind: 'used' } },
      wait(USED),
      { block: null, transactions: [sent('a', { offeredHeight: 106 })], usedSince: 106 },
    ],
    [
      'is doubtful, as nodes disagree or what one says does not fit together: nothing is confirmed, nothing sent',
      { transactions: [a], block: final },
      { block: { kind: 'doubtful' } },
      wait(null),
      { block: null, transactions: [sent('a', { offeredHeight: 101 })] },
    ],
    ['is doubtful before any was seen', { transactions: [a] }, { block: { kind: 'doubtful' } }, wait(null), {}],
  ];
  it.each(rows)('%s', (...row) => check(row));
});
