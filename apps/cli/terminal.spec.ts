import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Output, Terminal, visible } from './terminal.js';

const output = (isTTY: boolean): Output => Object.assign(new Writable({ write: (_, __, done) => done() }), { isTTY });

describe('the terminal', () => {
  it('shows what could repaint the screen or turn the text round', () => {
    expect(visible('a\u001b[2Jb\r\n\u202ec 印证')).toBe('a\\u{1b}[2Jb\\u{d}\\u{a}\\u{202e}c 印证');
  });

  it('writes the same as JSON without what could repaint the screen', () => {
    let written = '';
    const stdout = new Writable({ write: (text, _, done) => (done(), (written += String(text))) });
    const value = { name: 'a\u009b2J\u202e\u007f\u2028印', '\u001b': 1 };
    new Terminal(stdout, output(false), { noColor: true }).json(value);
    expect(JSON.parse(written)).toEqual(value);
    expect(visible(written.trimEnd())).toBe(written.trimEnd());
  });

  it('paints on a terminal only, and not when colours are unwanted', () => {
    expect(new Terminal(output(true), output(true), { noColor: false }).paint('good', 'x')).toBe(
      '\u001b[32mx\u001b[0m',
    );
    expect(new Terminal(output(true), output(true), { noColor: true }).paint('good', 'x')).toBe('x');
    expect(new Terminal(output(false), output(true), { noColor: false }).paint('good', 'x')).toBe('x');
  });
});
