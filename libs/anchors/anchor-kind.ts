import type { SettingProblem } from '#setting/config-error.js';
import type { SettingShape } from '#setting/setting.js';
import type { Anchor } from './anchor.js';

/** Runs `work` while nobody else, in any process, runs work under the same name. */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** What anchors get from the process that they run in. */
export interface AnchorMeans {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** Unpredictable bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly exclusively: Exclusively;
  /** Takes a sentence about something that does not keep an anchor from working. */
  readonly warn: (sentence: string) => void;
}

/** A kind of anchor: all that the rest of the service knows of it. Each stands in a folder of its own and in one table, kinds.ts. */
export interface AnchorKind<in Settings> {
  /** Its word in the setting `ANCHORS`. An anchor of this kind is named so, or `<word>:<name>` where there are several. */
  readonly name: string;
  /** The `type` of the attestations that its submissions become in a proof: one of the kinds of `libs/proof/anchors`. */
  readonly attestation: string;
  /** Whether a submission is paid for, so that a budget can be set. */
  readonly isPaid: boolean;
  /** Its own settings, beside those of the sources. */
  readonly settings: SettingShape;
  /** Names of its anchors under these settings; none while something is missing, which `problems` tells. */
  anchors(settings: Settings): readonly string[];
  /** What is wrong with its settings; `isWanted` when `ANCHORS` has its word. */
  problems(settings: Settings, isWanted: boolean): readonly SettingProblem[];
  /** Reads the files that its anchors need, to find out whether they can be read. @throws ConfigError */
  checkFiles?(settings: Settings): void;
  /** Sets up its anchor of this name. @throws AnchorError `bad-settings`; ConfigError when a file cannot be read */
  create(name: string, settings: Settings, means: AnchorMeans): Promise<Anchor>;
}
