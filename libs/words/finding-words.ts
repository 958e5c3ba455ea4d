import type { AnchorFinding } from '#proof/anchors/finding.js';
import type {
  CarriedFinding,
  CheckName,
  CheckpointFault,
  CompanionFinding,
  DocumentFinding,
  Finding,
  LogKeyFinding,
  TimeContradiction,
  TimeRole,
  ValidityFinding,
} from '#proof/finding.js';
import { sayAnchor, sayAnchorTitle } from './anchors/anchor-words.js';
import {
  type AuthorisationWords,
  sayAuthorisation,
  saySignature,
  type SignatureWords,
  type SignedThing,
} from './agency-words.js';
import { sayBeacon } from './anchors/beacon.js';
import type { Format } from './format.js';
import { inOrder } from './joints.js';
import type { Language, Telling } from './language.js';
import { sayStatus } from './status-words.js';

/** What checks are about, as claims, in one language. Of an anchor: `AnchorWords`. */
export interface TitleWords extends Record<Exclude<CheckName, 'anchor' | 'companion'>, string> {
  companion: (file: string) => string;
}

/** What checks found, in one language. Of anchors and of the block that a batch names: `AnchorWords`. */
export interface FindingSentences {
  format: Record<'proof' | 'opentimestamps', string>;
  document: {
    same: string;
    sameBlinded: string;
    differs: (digest: string, algorithm: string, recorded: string) => string;
    differsBlinded: string;
    lineEndings: string;
    /** The file holds its own proof, and this is the length of the document in it, in bytes, written. */
    sameInside: (bytes: string) => string;
    /** The file has more in it than was registered. */
    appended: (sealedBytes: string) => string;
    noSalt: string;
    otherAlgorithm: (recorded: string) => string;
    notGiven: string;
  };
  recordId: { passed: string; failed: (id: string, computed: string) => string };
  batchInclusion: Record<'passed' | 'other-root' | 'bad-path', (batch: string) => string>;
  logInclusion: Record<'passed' | 'other-root' | 'bad-path', (batch: string, size: string) => string>;
  batchCheckpoint: string;
  logCheckpoint: (size: string) => string;
  checkpointFaults: {
    /** Which checkpoint; stands at the beginning of each of the others. */
    ofBatch: string;
    ofLog: (size: string) => string;
  } & Record<CheckpointFault['reason'], (checkpoint: string) => string>;
  /** By keys of the reader's own, and on a service's page by its name. */
  logKey: Record<'passed' | 'failed' | 'unavailable', { yours: string; page: (service: string) => string }> & {
    'not-applicable': string;
  };
  agencySignature: Record<SignedThing, SignatureWords>;
  authorisation: Record<SignedThing, AuthorisationWords>;
  /** A sentence about a change of status, which is the entry of the log with this number. */
  ofEntry: (entry: string, sentence: string) => string;
  times: {
    passed: string;
    contradiction: (earlier: ToldTime, later: ToldTime) => string;
    /** How much of a difference was allowed for. */
    allowed: (span: string) => string;
    /** They stand in a sentence. */
    roles: Record<TimeRole, string>;
  };
  validity: {
    notStated: string;
    noEnd: string;
    until: (until: string) => string;
    expired: (until: string) => string;
    'not-yet-valid': (from: string) => string;
    'not-yet-recorded': (receivedAt: string) => string;
  };
  carried: {
    sentence: (members: string) => string;
    members: Record<CarriedFinding['members'][number], string>;
  };
  companion: {
    passed: string;
    otherDocument: (algorithm: string, recorded: string) => string;
    otherDocumentBlinded: string;
    anotherProof: (id: string) => string;
    /** Stands before what the file is. */
    unreadable: string;
    notComparable: string;
  };
}

/** A time and what it is the time of. */
export interface ToldTime {
  role: string;
  time: string;
}

/** What a finding is about. */
export function sayTitle(finding: Finding, language: Language): string {
  if (finding.check === 'anchor') return sayAnchorTitle(finding satisfies AnchorFinding, language);
  return finding.check === 'companion' ? language.titles.companion(finding.file) : language.titles[finding.check];
}

/** What was found. */
export function saySentence(finding: Finding, language: Language, telling: Telling): string {
  const { sentences, unreadable } = language;
  const { format } = telling;
  switch (finding.check) {
    case 'format':
      if (finding.outcome === 'failed') return unreadable[finding.reason].what;
      return sentences.format[finding.format === 'opentimestamps' ? finding.format : 'proof'];
    case 'document':
      return sayDocument(finding, language, format);
    case 'record-id':
      return finding.outcome === 'passed'
        ? sentences.recordId.passed
        : sentences.recordId.failed(finding.id, finding.computed);
    case 'batch-inclusion':
      return sentences.batchInclusion[finding.outcome === 'passed' ? 'passed' : finding.reason](
        format.number(finding.batch),
      );
    case 'batch-checkpoint':
      return finding.outcome === 'passed'
        ? sentences.batchCheckpoint
        : sentences.checkpointFaults[finding.reason](sentences.checkpointFaults.ofBatch);
    case 'log-inclusion':
      return sentences.logInclusion[finding.outcome === 'passed' ? 'passed' : finding.reason](
        format.number(finding.batch),
        format.number(finding.size),
      );
    case 'log-checkpoint': {
      const size = format.number(finding.size);
      return finding.outcome === 'passed'
        ? sentences.logCheckpoint(size)
        : sentences.checkpointFaults[finding.reason](sentences.checkpointFaults.ofLog(size));
    }
    case 'log-key':
      return sayLogKey(finding, language, telling);
    case 'agency-signature':
      return saySignature(finding, sentences.agencySignature.record, format);
    case 'authorisation':
      return sayAuthorisation(finding, sentences.authorisation.record, format);
    case 'event-signature':
      return sentences.ofEntry(
        format.number(finding.event),
        saySignature(finding, sentences.agencySignature.event, format),
      );
    case 'event-authorisation':
      return sentences.ofEntry(
        format.number(finding.event),
        sayAuthorisation(finding, sentences.authorisation.event, format),
      );
    case 'anchor':
      return sayAnchor(finding, { language, format });
    case 'beacon':
      return sayBeacon(finding, { language, format });
    case 'status-root':
    case 'status-leaf':
    case 'status-history':
    case 'cosignature':
    case 'status-age':
      return sayStatus(finding, language, format);
    case 'times':
      return finding.outcome === 'passed'
        ? sentences.times.passed
        : inOrder(language.joints, ...finding.contradictions.map((each) => sayContradiction(each, language, format)));
    case 'validity':
      return sayValidity(finding, language, format);
    case 'carried':
      return sentences.carried.sentence(
        finding.members.map((member) => sentences.carried.members[member]).join(language.joints.items),
      );
    case 'companion':
      return sayCompanion(finding, language);
    default:
      return finding satisfies never;
  }
}

/** Two times in an order that cannot be. */
export function sayContradiction(told: TimeContradiction, language: Language, format: Format): string {
  const { allowed, contradiction, roles } = language.sentences.times;
  const [earlier, later] = [told.earlier, told.later].map(({ role, time }) => ({
    role: roles[role],
    time: format.date(time),
  })) as [ToldTime, ToldTime];
  return inOrder(
    language.joints,
    contradiction(earlier, later),
    told.toleranceMs === 0 ? null : allowed(format.span(told.toleranceMs)),
  );
}

function sayDocument(finding: DocumentFinding, { joints, sentences: { document } }: Language, format: Format): string {
  switch (finding.outcome) {
    case 'passed':
      return inOrder(
        joints,
        finding.sealedBytes === undefined ? null : document.sameInside(format.number(finding.sealedBytes)),
        finding.blinded ? document.sameBlinded : document.same,
      );
    case 'failed':
      if (finding.reason === 'appended') return document.appended(format.number(finding.sealedBytes));
      if (finding.reason === 'line-endings') return document.lineEndings;
      return finding.blinded
        ? document.differsBlinded
        : document.differs(finding.digest, finding.algorithm, finding.recorded);
    case 'unavailable':
      return finding.reason === 'no-salt'
        ? document.noSalt
        : document.otherAlgorithm(finding.recorded.join(joints.items));
    case 'not-applicable':
      return document.notGiven;
    default:
      return finding satisfies never;
  }
}

function sayLogKey({ outcome }: LogKeyFinding, { sentences: { logKey } }: Language, { place }: Telling): string {
  if (outcome === 'not-applicable') return logKey[outcome];
  return place.kind === 'page' ? logKey[outcome].page(place.service) : logKey[outcome].yours;
}

function sayValidity(finding: ValidityFinding, { sentences: { validity } }: Language, format: Format): string {
  switch (finding.outcome) {
    case 'not-applicable':
      return validity.notStated;
    case 'passed':
      return finding.validUntil === undefined ? validity.noEnd : validity.until(format.date(finding.validUntil));
    case 'failed':
      if (finding.reason === 'expired') return validity.expired(format.date(finding.validUntil));
      return finding.reason === 'not-yet-valid'
        ? validity['not-yet-valid'](format.date(finding.validFrom))
        : validity['not-yet-recorded'](format.date(finding.receivedAt));
    default:
      return finding satisfies never;
  }
}

function sayCompanion(finding: CompanionFinding, language: Language): string {
  const { companion } = language.sentences;
  switch (finding.outcome) {
    case 'passed':
      return companion.passed;
    case 'failed':
      return finding.blinded
        ? companion.otherDocumentBlinded
        : companion.otherDocument(finding.algorithm, finding.recorded);
    case 'unavailable':
      if (finding.reason === 'another-proof') return companion.anotherProof(finding.id);
      return finding.reason === 'unreadable'
        ? inOrder(language.joints, companion.unreadable, language.unreadable[finding.kind].what)
        : companion.notComparable;
    default:
      return finding satisfies never;
  }
}
