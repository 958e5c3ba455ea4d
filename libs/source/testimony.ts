import { SourceError } from './error.js';
import { BitcoinError } from '#bitcoin/error.js';
import { EvmError } from '#evm/error.js';
import type { ShownBlock, Silence } from './answer.js';

/** A block as one source shows it. */
export type SeenBlock = Omit<ShownBlock, 'sources'>;

/** What one source says to a question: a block that may be there, or why it shows none. */
export type Testimony =
  | {
      kind: 'block';
      source: string;
      block: SeenBlock;
      /** Whether this is the block that was asked about. */
      expected: boolean;
      /** Blocks from this one to the source's newest, both included; null when it cannot tell. */
      depth: number | null;
      /** Height up to which the source's blocks are final by the rule of its chain, below 0 when none is; null when it cannot tell. */
      finalHeight: number | null;
      /** Why it cannot tell, where asking failed. */
      unsure?: Omit<Silence, 'source'> | undefined;
    }
  | ({ kind: 'silence' } & Silence);

/** What a source said to one thing that it was asked, or why it did not. */
export type Said<T> = { value: T; fault?: undefined } | { value?: undefined; fault: Omit<Silence, 'source'> };

/** Asks a source once, however often the result is wanted. Never rejects: a source is foreign code over foreign data. */
export function once<T>(source: string, ask: () => Promise<T> | T): () => Promise<Said<T>> {
  let said: Promise<Said<T>> | undefined;
  return () => (said ??= heard(source, ask));
}

/** As {@link once}, for each height. */
export function onceEach<T>(source: string, ask: (height: number) => Promise<T>): (height: number) => Promise<Said<T>> {
  const said = new Map<number, Promise<Said<T>>>();
  return (height) => {
    let answer = said.get(height);
    if (answer === undefined) {
      answer = heard(source, () => ask(height));
      said.set(height, answer);
    }
    return answer;
  };
}

async function heard<T>(source: string, ask: () => Promise<T> | T): Promise<Said<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { fault: faultOf(source, error) };
  }
}

/** Why a source's answer does not count, from what asking or reading it threw. */
export function faultOf(source: string, error: unknown): Omit<Silence, 'source'> {
  const own = `${source}: `;
  const detail = (text: string) => (text.startsWith(own) ? text.slice(own.length) : text);
  if (error instanceof SourceError) return { reason: error.code, detail: detail(error.message) };
  if (error instanceof BitcoinError || error instanceof EvmError)
    return { reason: 'bad-answer', detail: detail(error.message) };
  // It may say anything, credentials included: its text is not ours to repeat.
  return { reason: 'unreachable', detail: 'expected an answer, got an error' };
}
