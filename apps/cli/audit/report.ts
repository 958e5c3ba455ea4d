import type { AuditFinding } from '#audit/finding.js';
import { sayAuditFinding } from '#words/audit-words.js';
import { commandLineWords } from '#words/command-line.js';
import type { Language } from '#words/language.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { tellingIn } from '../language.js';
import { visible } from '../terminal.js';
import type { AuditRound } from './run-audit.js';
import type { StateFile } from './state-file.js';

/** How results are told. */
export interface ReportOptions {
  json?: true | undefined;
  anySigner?: true | undefined;
}

/** Tells findings as they come, each once, and what an audit comes to. */
export class AuditReport {
  readonly #told = new Set<string>();
  #found = 0;

  constructor(
    private readonly context: Context,
    private readonly language: Language,
    private readonly options: ReportOptions,
  ) {}

  /** Tells a finding, unless it was told; counts it in any case. */
  add(finding: AuditFinding): void {
    this.#found += 1;
    const text = JSON.stringify(finding);
    if (this.#told.has(text)) return;
    this.#told.add(text);
    const { terminal } = this.context;
    const sentence = sayAuditFinding(finding, this.language, tellingIn(this.language).format);
    if (this.options.json) terminal.json({ type: 'finding', ...finding, sentence });
    else terminal.print(`${terminal.paint('bad', '✗')} ${visible(sentence)}`);
  }

  /** Tells what a round came to, and returns the exit code; the next round counts anew. */
  end({ state }: StateFile, { undecided }: Pick<AuditRound, 'undecided'>, isPinned: boolean): ExitCode {
    const { terminal } = this.context;
    const { result } = commandLineWords(this.language).audit;
    const { format } = tellingIn(this.language);
    const found = this.#found;
    this.#found = 0;
    const exitCode = this.#exitCode(found, undecided !== undefined, isPinned);
    const origin = state.head?.origin ?? null;
    const { log, records } = state.replay;
    const outcome = found > 0 ? 'failed' : undecided === undefined ? 'passed' : 'undecided';
    const sentences = [
      ...(found > 0 ? [result.found(format.number(found))] : []),
      ...(undecided === undefined ? [] : [result.undecided]),
      ...(outcome === 'passed' && origin !== null
        ? [result.passed(origin, format.number(log.size), format.number(records))]
        : []),
      ...(isPinned ? [] : [result.unchecked]),
    ];
    if (this.options.json) {
      const facts = { origin, batches: log.size, entries: records, findings: found };
      const signer = isPinned ? 'pinned' : 'unchecked';
      terminal.json({
        type: 'result',
        outcome,
        exitCode,
        ...facts,
        signer,
        ...(undecided === undefined ? {} : { reason: undecided }),
        sentences,
      });
    } else {
      for (const sentence of sentences) terminal.print(visible(sentence));
      // In the words of whatever failed, which are English.
      if (undecided !== undefined) terminal.note(visible(undecided));
    }
    return exitCode;
  }

  #exitCode(found: number, isUndecided: boolean, isPinned: boolean): ExitCode {
    if (found > 0) return EXIT.mismatch;
    if (isUndecided) return EXIT.unavailable;
    return isPinned || this.options.anySigner ? EXIT.ok : EXIT.signerUnchecked;
  }
}
