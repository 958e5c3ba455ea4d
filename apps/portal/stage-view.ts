import { undecidedCause } from '#proof/undecided.js';
import type { Verdict } from '#proof/verdict.js';
import type { GivenFiles } from './given-files.js';
import type { Outcome, Stage } from './stage.js';
import { checksView } from './views/checks-view.js';
import { choosingView } from './views/choosing-view.js';
import { detailsView } from './views/details-view.js';
import { factList, factsView } from './views/facts-view.js';
import { notFoundView } from './views/not-found-view.js';
import { noticeView } from './views/notice-view.js';
import { profileName } from './views/profile-name.js';
import { progressView, type WorkingStage } from './views/progress-view.js';
import { verdictView } from './views/verdict-view.js';
import type { Words } from './views/words.js';

/** What a reader can do about a result. */
export interface ResultActions {
  onCancel: () => void;
  onAgain: () => void;
  onWithoutProof: () => void;
}

/** Whether the page is at work and shows progress. */
export function isWorking(stage: Stage): stage is WorkingStage {
  return stage.name === 'hashing' || stage.name === 'searching' || stage.name === 'verifying';
}

/** Draws a stage; nothing while there is nothing to check. */
export function stageView(
  words: Words,
  stage: Stage,
  given: GivenFiles,
  actions: ResultActions,
): HTMLElement | undefined {
  const { catalogue } = words;
  switch (stage.name) {
    case 'idle':
      return undefined;
    case 'hashing':
    case 'searching':
    case 'verifying':
      return progressView(words, stage, actions.onCancel);
    case 'need-document':
      return noticeView('question', catalogue.needDocument);
    case 'bad-document':
      return noticeView('unavailable', catalogue.badDocument[stage.code]);
    case 'bad-proof':
      return badProofView(words, stage, given, actions);
    case 'choosing':
      return choosingView(words, stage);
    case 'not-found':
      return notFoundView(words, stage);
    case 'waiting':
      return waitingView(words, stage);
    case 'unreachable':
      return verdictView(words, {
        verdict: 'unavailable',
        text: catalogue.unreachable.text,
        actions: [{ label: catalogue.verdict.again, onPress: actions.onAgain }],
      });
    case 'verified':
      return outcomeView(words, stage.outcome, actions);
  }
}

/** What a screen reader says when a stage is entered without moving the focus. */
export function announcement({ catalogue }: Words, stage: Stage): string {
  if (isWorking(stage)) return catalogue.progress[stage.name];
  if (stage.name === 'verified') return catalogue.verdict.titles[stage.outcome.verification.verdict];
  return stage.name === 'waiting' ? catalogue.verdict.titles.pending : '';
}

function outcomeView(words: Words, outcome: Outcome, actions: ResultActions): HTMLElement {
  const { verdict: labels } = words.catalogue;
  const { verification, proofFrom } = outcome;
  const { verdict } = verification;
  const buttons = [];
  if (verdict === 'unavailable') buttons.push({ label: labels.again, onPress: actions.onAgain });
  if (verdict === 'mismatch' && proofFrom === 'file')
    buttons.push({ label: labels.withoutProof, onPress: actions.onWithoutProof });
  return verdictView(
    words,
    {
      verdict,
      text: sentence(words, outcome),
      refreshing: verdict === 'pending',
      notes: notes(words, outcome),
      actions: buttons,
    },
    // What a refused proof claims is not repeated as if it were a fact.
    verdict === 'mismatch' ? undefined : factsView(words, outcome),
    checksView(words, verification.checks),
    verdict === 'mismatch' ? undefined : detailsView(words, outcome),
  );
}

/** What the verdict means here. A refusal says what was refused: the document, the signer or the proof. */
function sentence({ catalogue: { verdict: labels } }: Words, { verification: { verdict, checks } }: Outcome): string {
  if (verdict === 'unavailable') return labels.undecided[undecidedCause(checks)];
  if (verdict !== 'mismatch') return labels.sentences[verdict];
  const failed = checks.filter(({ status }) => status === 'failed').map(({ code }) => code);
  if (failed.every((code) => code === 'document')) return labels.documentDiffers;
  if (failed.every((code) => code === 'log-key')) return labels.signerDiffers;
  return labels.proofBroken;
}

function notes(
  { catalogue: { verdict: labels } }: Words,
  { grown, verification: { existedBefore } }: Outcome,
): string[] {
  const chainNote = existedBefore === undefined ? [] : chainNotes(labels, existedBefore);
  return [...chainNote, ...(grown ? [labels.refreshed] : [])];
}

/** What is to be said of a chain that proves less than it seems. */
function chainNotes(
  labels: Words['catalogue']['verdict'],
  { place, test, type }: NonNullable<Outcome['verification']['existedBefore']>,
): string[] {
  if (type === 'evm') {
    if (test) return [labels.testEvmChain(place)];
    return /^chain \d+$/.test(place) ? [labels.foreignChain(place)] : [];
  }
  if (!test) return [];
  return [place === 'unknown' ? labels.unknownChain : labels.testChain(place)];
}

function badProofView(
  words: Words,
  stage: Extract<Stage, { name: 'bad-proof' }>,
  given: GivenFiles,
  actions: ResultActions,
): HTMLElement {
  const { badProof, verdict: labels } = words.catalogue;
  const verdict: Verdict = stage.newer ? 'unavailable' : 'mismatch';
  return verdictView(
    words,
    {
      verdict,
      text: stage.newer ? badProof.newer : badProof.text,
      actions: given.document ? [{ label: labels.withoutProof, onPress: actions.onWithoutProof }] : [],
    },
    stage.newer ? undefined : checksView(words, [stage.check]),
  );
}

function waitingView(words: Words, { record }: Extract<Stage, { name: 'waiting' }>): HTMLElement {
  const { catalogue, format } = words;
  const { facts } = catalogue;
  return verdictView(
    words,
    { verdict: 'pending', text: catalogue.waiting.text, refreshing: true },
    factList([
      { question: facts.agency, answer: record.agency, strong: true },
      { question: facts.receivedAt, answer: format.date(record.receivedAt), remark: facts.notAnchored, strong: true },
      { question: facts.profile, answer: profileName(catalogue, record.profile) },
    ]),
  );
}
