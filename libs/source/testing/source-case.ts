import type { Answer, Finality, Silence } from '../answer.js';
import type { Standing } from '../chain.js';
import type { CannedSource } from './canned-source.js';

/** What sources say to the question whether one block is there, and what that comes to: for whoever asks, with whatever they ask it. */
export interface SourceCase {
  /** Ends a sentence that begins with the outcome: "shown, when …". */
  when: string;
  sources: CannedSource[];
  /** Whether the chain meant is named in the question; where it is not, whichever the sources serve. */
  named?: boolean;
  outcome: Answer['outcome'];
  /** Places of the sources that show the block. */
  shownBy?: number[];
  /** Place of a source → why it says nothing. */
  silent?: Record<number, Silence['reason']>;
  finality?: Finality;
  depth?: number | null;
  standing?: Standing;
}
