import type { Outcome as CheckOutcome } from '#proof/finding.js';
import type { Verdict } from '#proof/verification.js';
import { type FindingWords, tellOnce, tellProfile, tellVerification, type VerificationWords } from '#words/tell.js';
import { type Delays, tellDelays } from '#words/delays.js';
import { isWorking, type Outcome, type Stage } from './stage.js';
import { answerList, plainChecks } from './views/answers-view.js';
import { checksView, decisiveChecks } from './views/checks-view.js';
import { choosingView } from './views/choosing-view.js';
import { detailsView } from './views/details-view.js';
import { keepRegisteredPart, keepView } from './views/keep-view.js';
import { notFoundView } from './views/not-found-view.js';
import { noticeView } from './views/notice-view.js';
import { printedCode } from './views/printed-code.js';
import { progressView } from './views/progress-view.js';
import { timeView } from './views/time-view.js';
import { notesView, verdictView } from './views/verdict-view.js';
import type { Words } from './views/words.js';

/** What a reader can do about a result. */
export interface ResultActions {
  onCancel: () => void;
  onAgain: () => void;
  onWithoutProof: () => void;
}

/** Draws a stage; nothing while there is nothing to check. */
export function stageView(
  words: Words,
  stage: Stage,
  hasDocument: boolean,
  actions: ResultActions,
): HTMLElement | undefined {
  const { page } = words;
  switch (stage.name) {
    case 'idle':
      return undefined;
    case 'hashing':
    case 'searching':
    case 'looking':
    case 'verifying':
      return progressView(words, stage, actions.onCancel);
    case 'need-document':
      return noticeView('question', page.needDocument);
    case 'bad-document':
      return noticeView('unavailable', page.badDocument[stage.code]);
    case 'choosing':
      return choosingView(words, stage);
    case 'not-found':
      return notFoundView(words, stage);
    case 'waiting':
      return waitingView(words, stage);
    case 'unreachable':
      return verdictView(words, {
        verdict: 'unavailable',
        headline: page.unreachable.title,
        text: page.unreachable.text,
        actions: [{ label: page.result.again, onPress: actions.onAgain }],
      });
    case 'verified':
      return outcomeView(words, stage.outcome, hasDocument, actions);
  }
}

/** What a screen reader says when a stage is entered without moving the focus. */
export function announcement(words: Words, stage: Stage): string {
  const { page } = words;
  if (isWorking(stage)) return page.progress[stage.name];
  if (stage.name === 'verified') return told(words, stage.outcome).headline;
  return stage.name === 'waiting' ? page.waiting.title : '';
}

function told({ language, telling }: Words, { verification }: Outcome): VerificationWords {
  return tellVerification(verification, language, telling);
}

function outcomeView(words: Words, outcome: Outcome, hasDocument: boolean, actions: ResultActions): HTMLElement {
  const { result: labels } = words.page;
  const { grown, proof, proofFrom, verification } = outcome;
  const { verdict } = verification;
  const { answers, asides, findings, headline, notes, sentence, standing } = told(words, outcome);
  const once = tellOnce(findings, words.language, words.telling);
  const decisive = once.filter(isDecisive(verdict));
  const isAppended = verification.findings.some((finding) => 'reason' in finding && finding.reason === 'appended');
  const buttons = [];
  const canAsk = words.telling.place.kind === 'page';
  if (verdict === 'unavailable' && canAsk) buttons.push({ label: labels.again, onPress: actions.onAgain });
  if (isAppended) buttons.push({ label: labels.registeredPart, onPress: () => keepRegisteredPart(outcome) });
  else if ((verdict === 'mismatch' || verdict === 'unreadable') && proofFrom === 'file' && hasDocument && canAsk)
    buttons.push({ label: labels.withoutProof, onPress: actions.onWithoutProof });
  return verdictView(
    words,
    {
      verdict,
      standing,
      headline,
      text: sentence,
      refreshing: verdict === 'pending' && canAsk,
      actions: buttons,
    },
    // What a refused proof claims is not repeated as if it were a fact.
    answers === null ? undefined : plainChecks(words, answers),
    delaysView(words, outcome.delays, 'anchored'),
    answers === null ? notesView(notes, labels.causes) : notesView([...(grown ? [labels.refreshed] : []), ...notes]),
    decisive.length === 0
      ? undefined
      : decisiveChecks(verdict === 'mismatch' ? labels.failed : labels.undecided, decisive),
    answers === null || proof === undefined ? undefined : keepView(words, { ...outcome, proof }),
    answers === null ? undefined : timeView(words, { answers, asides }, outcome),
    once.length === decisive.length ? undefined : checksView(words, once, decisive),
    answers === null || proof === undefined ? undefined : detailsView(words, { ...outcome, proof }),
    answers === null || proof === undefined || !canAsk ? undefined : printedCode(words, proof),
  );
}

/** Whether the answer turns on a check: where something does not match what failed, where something could not be decided what was not. */
function isDecisive(verdict: Verdict): (finding: FindingWords) => boolean {
  const decisive: Partial<Record<Verdict, CheckOutcome>> = {
    mismatch: 'failed',
    unreadable: 'failed',
    unavailable: 'unavailable',
  };
  return ({ outcome }) => outcome === decisive[verdict];
}

function delaysView(words: Words, delays: Delays | undefined, until: 'sealed' | 'anchored'): HTMLElement | undefined {
  return delays && notesView(tellDelays(delays, until, words.language, words.format), words.page.usual.heading);
}

function waitingView(words: Words, { delays, record }: Extract<Stage, { name: 'waiting' }>): HTMLElement {
  const { format, language, page } = words;
  const { labels } = language;
  return verdictView(
    words,
    { verdict: 'pending', headline: page.waiting.title, text: page.waiting.text, refreshing: true },
    delaysView(words, delays, 'sealed'),
    answerList([
      { question: labels.agency, answer: record.agency },
      { question: labels.received, answer: format.date(record.receivedAt) },
      { question: labels.kind, answer: tellProfile(record.profile, language) },
    ]),
  );
}
