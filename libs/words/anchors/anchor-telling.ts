import type { AnchorFinding } from '#proof/anchors/finding.js';
import type { Comparison } from '../comparison.js';
import type { Format } from '../format.js';
import type { Language } from '../language.js';
import type { NamedChain } from '../named-chain.js';
import type { Remedy } from '../remedy.js';

/** A fact of a finding, as a page lists it: name, value, and whether the value is code. */
export type FactRow = readonly [name: string, value: string, isCode?: boolean];

/** How to come to the same answer without the service: what to do, and the command, where one does it. */
export interface Step {
  text: string;
  command?: string;
}

/** Where something is said, and to whom. */
export interface Saying {
  language: Language;
  format: Format;
}

/** What is told of the findings of one kind of anchoring, whatever the language. */
export interface AnchorTelling<Found extends AnchorFinding> {
  /** What the attestation claims. */
  title(found: Found, language: Language): string;
  /** What it comes to. */
  sentence(found: Found, saying: Saying): string;
  /** What can be done about it. */
  remedy(found: Found): Remedy | undefined;
  /** What of it a person can compare by hand. */
  comparisons(found: Found): Comparison[];
  /** The chain whose block shows the time; null for what is of no chain. */
  chain(passed: Extract<Found, { outcome: 'passed' }>): NamedChain | null;
  /** Where the time is shown; stands in a sentence. */
  place(passed: Extract<Found, { outcome: 'passed' }>, saying: Saying): string;
  /** Its facts, for who looks closely. */
  rows(found: Found, saying: Saying): FactRow[];
  /** How to check all that were found without us. `file` is the name, as a shell takes it, of the kept file that ends so. */
  steps(found: readonly Found[], saying: Saying, file: (suffix: string) => string): Step[];
}
