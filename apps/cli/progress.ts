import type { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** Time between two plain lines. */
const LINE_INTERVAL_MS = 5000;

/** Shows how far a piece of work is: a bar on a terminal, now and then a line elsewhere; always on standard error. */
export class Progress {
  #done = 0;
  #lastLineMs: number;

  private constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly terminal: Terminal,
    private readonly nowMs: () => number,
    private readonly bar: SingleBar | undefined,
  ) {
    this.#lastLineMs = nowMs();
  }

  /** Starts showing `what` (such as `accepted`) out of `total`; the bar's library is loaded only when there is a terminal. */
  static async start(what: string, total: number, terminal: Terminal, nowMs: () => number): Promise<Progress> {
    let bar: SingleBar | undefined;
    if (terminal.stderr.isTTY === true && total > 1) {
      const { default: cliProgress } = await import('cli-progress');
      bar = new cliProgress.SingleBar({
        stream: terminal.stderr as NodeJS.WritableStream,
        format: `${what} [{bar}] {value}/{total}  {eta_formatted}`,
        barCompleteChar: '=',
        barIncompleteChar: ' ',
        hideCursor: true,
        clearOnComplete: false,
      });
      bar.start(total, 0);
    }
    return new Progress(what, total, terminal, nowMs, bar);
  }

  /** Counts `n` more as done. */
  add(n = 1): void {
    this.#done += n;
    if (this.bar !== undefined) {
      this.bar.update(this.#done);
    } else if (this.nowMs() - this.#lastLineMs >= LINE_INTERVAL_MS) {
      this.#lastLineMs = this.nowMs();
      this.terminal.note(`${this.what} ${this.#done} of ${this.total}`);
    }
  }

  /** Ends the bar, so that other lines can follow. */
  stop(): void {
    this.bar?.stop();
  }
}
