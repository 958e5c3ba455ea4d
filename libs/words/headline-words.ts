import type { OutOfForce } from '#proof/verification.js';
import type { Headline, MismatchCause, UnavailableCause, Worth } from './headline.js';
import { inOrder } from './joints.js';
import type { Language } from './language.js';

/** What stands in one line, and the sentence below it. */
export interface HeadlineText {
  headline: string;
  sentence: string;
}

/** What comes first, in one language. */
export interface HeadlineWords {
  /** `aside`: that nothing is said of the document. */
  unreadable: { headline: string; aside: string };
  mismatch: Record<MismatchCause, HeadlineText>;
  notCurrent: Record<OutOfForce['state'], HeadlineText>;
  unavailable: { headline: string; because: Record<UnavailableCause, string> };
  pending: { headline: string; promised: string; notPromised: string };
  authentic: {
    /** By what most limits the answer. `document`: one was compared. */
    headlines: Record<'test' | 'file' | 'unchecked' | 'log', { document: string; noDocument: string }>;
    time: Record<Worth, string>;
    signer: Record<'file' | 'unchecked' | 'log' | 'agency', string>;
  };
  /** What the document, or without one the proof, is shown to be. */
  subject: {
    /** It is the registered one, the one of a time-stamp, the one that the proof is about; it matches, in a proof that is not decided. */
    registered: string;
    timeStamped: string;
    inProof: string;
    matches: string;
    /** The file is that document and its proof. */
    apartFromProof: string;
    /** Without a document: the proof holds; as far as it goes; for any document of that fingerprint. */
    holds: string;
    holdsSoFar: string;
    holdsForAny: string;
  };
  /** That it was not checked who registered it. */
  signerUnchecked: string;
}

/** A headline and the sentence below it, in a language. */
export function sayHeadline(told: Headline, { headlines: words, joints, unreadable }: Language): HeadlineText {
  const { subject } = words;
  const compared = 'document' in told ? told.document : 'nothing';
  /** What is shown of what was compared, or without that of the proof. */
  const shown = <Absent>(whole: string, absent: Absent): string | Absent =>
    compared === 'nothing' ? absent : compared === 'part' ? subject.apartFromProof : whole;
  const signer = 'who' in told && told.who === 'unchecked' ? words.signerUnchecked : null;
  switch (told.verdict) {
    case 'unreadable':
      return {
        headline: words.unreadable.headline,
        sentence: inOrder(joints, unreadable[told.kind].what, words.unreadable.aside),
      };
    case 'mismatch':
      return words.mismatch[told.because];
    case 'authentic-not-current': {
      const { headline, sentence } = words.notCurrent[told.still.state];
      return {
        headline,
        sentence: inOrder(joints, shown(subject.registered, subject.holds), sentence, signer),
      };
    }
    case 'unavailable': {
      const { headline, because } = words.unavailable;
      return {
        headline,
        sentence: inOrder(joints, shown(subject.matches, null), because[told.because]),
      };
    }
    case 'pending': {
      const { headline, notPromised, promised } = words.pending;
      return {
        headline,
        sentence: inOrder(
          joints,
          shown(subject.inProof, subject.holdsSoFar),
          told.promised ? promised : notPromised,
          signer,
        ),
      };
    }
    case 'authentic': {
      const { headlines, signer: signers, time } = words.authentic;
      const signedBy = told.of === 'file' ? 'file' : told.who;
      const { document, noDocument } =
        headlines[told.worth === 'test' ? 'test' : signedBy === 'agency' ? 'log' : signedBy];
      const matched = told.of === 'file' ? subject.timeStamped : subject.registered;
      return {
        headline: compared === 'nothing' ? noDocument : document,
        sentence: inOrder(joints, shown(matched, subject.holdsForAny), time[told.worth], signers[signedBy]),
      };
    }
    default:
      return told satisfies never;
  }
}
