import type { AnchorBound } from '#proof/anchor-check.js';
import { element } from '../element.js';
import { beaconChainName } from '../i18n/anchor-data.js';
import type { Outcome } from '../stage.js';
import { profileName } from './profile-name.js';
import type { Words } from './words.js';

/** One answer: its question, the answer, and a remark. */
interface Fact {
  question: string;
  answer: string;
  remark?: string | undefined;
  /** Whether the answer stands out. */
  strong?: boolean | undefined;
}

/** Who lodged the document, since when it has existed, what kind of record it is, whether it is in force, who signed. */
export function factsView(words: Words, outcome: Outcome): HTMLElement {
  const { catalogue, format } = words;
  const { facts } = catalogue;
  const { proof, keyCompared, host } = outcome;
  const { statement } = proof;
  return factList([
    { question: facts.agency, answer: statement.agency, strong: true },
    existence(words, outcome),
    ...earliest(words, outcome),
    { question: facts.profile, answer: profileName(catalogue, statement.profile) },
    { question: facts.current, answer: currency(words, outcome) },
    ...(statement.reference === undefined ? [] : [{ question: facts.reference, answer: statement.reference }]),
    ...(outcome.verification.existedBefore
      ? [{ question: facts.receivedAt, answer: format.date(statement.receivedAt) }]
      : []),
    {
      question: facts.signer,
      answer: signer(outcome),
      remark: keyCompared ? facts.signerVouched(host) : facts.signerUnchecked,
    },
  ]);
}

/** The facts as a list of questions and answers. */
export function factList(facts: Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...facts.map(({ question, answer, remark, strong }) =>
      element(
        'div',
        { class: strong ? 'fact strong' : 'fact' },
        element('dt', {}, question),
        element(
          'dd',
          {},
          element('bdi', { class: 'fact-answer' }, answer),
          remark === undefined ? undefined : element('span', { class: 'fact-remark' }, remark),
        ),
      ),
    ),
  );
}

function existence(words: Words, { verification, proof }: Outcome): Fact {
  const { facts } = words.catalogue;
  const { format } = words;
  const bound = verification.existedBefore;
  if (!bound)
    return {
      question: facts.receivedAt,
      answer: format.date(proof.statement.receivedAt),
      remark: verification.verdict === 'unavailable' ? facts.notChecked : facts.notAnchored,
      strong: true,
    };
  return {
    question: facts.existedBefore,
    answer: facts.noLaterThan(format.date(bound.time)),
    remark: [place(words, bound), ...(bound.finality === 'confirmed' ? [facts.notFinal] : [])].join(' · '),
    strong: true,
  };
}

/** Since when the batch can exist at the earliest, where a block shows it. */
function earliest(words: Words, { verification: { existedAfter, existedBefore } }: Outcome): Fact[] {
  if (existedAfter === undefined) return [];
  const { facts } = words.catalogue;
  const { chain, height, test, time } = existedAfter;
  const number = words.format.number(height);
  const block = chain === 'bitcoin' ? facts.block(number) : facts.blockOf(number, beaconChainName({ chain }));
  const place = test ? `${block} · ${facts.testChain}` : block;
  const isLater = existedBefore !== undefined && time > existedBefore.time;
  return [
    {
      question: facts.sealed,
      answer: facts.noEarlierThan(words.format.date(time)),
      remark: isLater ? facts.contradiction(place) : place,
    },
  ];
}

/** Where a time comes from. */
function place({ catalogue: { facts }, format }: Words, { height, place: name, type }: AnchorBound): string {
  if (type === 'rfc3161') return facts.timeStampOf(name);
  const number = format.number(height ?? 0);
  const isBitcoin = type === 'bitcoin' && (name === 'mainnet' || name === 'unknown');
  return isBitcoin ? facts.block(number) : facts.blockOf(number, name);
}

function currency({ catalogue: { facts }, format }: Words, { proof, checkedAt }: Outcome): string {
  const { validFrom, validUntil } = proof.statement;
  const states = facts.currentStates;
  if (validFrom !== undefined && checkedAt < new Date(validFrom)) return states['not-yet'](format.date(validFrom));
  if (validUntil === undefined) return states.current('');
  return checkedAt <= new Date(validUntil)
    ? states.until(format.date(validUntil))
    : states.expired(format.date(validUntil));
}

/** Name of the log key: what stands before its first plus sign. */
function signer({ proof }: Outcome): string {
  return proof.log.key.split('+')[0] ?? proof.log.key;
}
