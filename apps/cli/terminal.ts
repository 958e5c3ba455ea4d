import type { Writable } from 'node:stream';

/** Colours by meaning, as ANSI codes. */
const STYLES = { good: '32', bad: '31', wait: '33', faint: '2', strong: '1' } as const;

/** A colour by its meaning. */
export type Style = keyof typeof STYLES;

/** A stream that people may be looking at. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** Control characters, and marks that turn the reading direction round: with them a file name could repaint the screen. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from elsewhere (file names, answers, proofs) made safe to print: unprintable characters become `\u{hex}`. */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

/** Where a command writes: results to standard output, everything said about the work to standard error. */
export class Terminal {
  readonly #colour: boolean;

  constructor(
    readonly stdout: Output,
    readonly stderr: Output,
    options: { noColor: boolean },
  ) {
    this.#colour = stdout.isTTY === true && !options.noColor;
  }

  /** Writes one line of results. */
  print(line = ''): void {
    this.stdout.write(`${line}\n`);
  }

  /** Writes a value as JSON, one line; unprintable characters are escaped, which says the same to whoever reads it as JSON. */
  json(value: unknown): void {
    const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    this.stdout.write(`${JSON.stringify(value).replace(UNPRINTABLE, escaped)}\n`);
  }

  /** Writes one line about the work, such as a warning. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** The text in a colour, on a terminal that wants colours; meant for {@link Terminal.print}. */
  paint(style: Style, text: string): string {
    return this.#colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }
}
