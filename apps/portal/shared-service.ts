import type { Delays } from '#words/delays.js';
import type { CandidatePage, PrefixLengths, ProofPage } from '#sdk/private-lookup.js';
import { type EvmBlock, ServiceClient } from './service-client.js';

/** Answers kept: more than are of use to the documents under way, and less than a phone has memory for. */
const MAX_ANSWERS = 200;

/** A service that is asked once for what many documents have in common: its key, its roots, and blocks. */
export class SharedService extends ServiceClient {
  /** The newest answers: pages of candidates are large. */
  readonly #answers = new Map<string, Promise<unknown>>();

  // Nothing here takes the signal of whoever asks first: others wait for the same answer.

  override prefixLengths(): Promise<PrefixLengths> {
    return this.#once('lengths', () => super.prefixLengths());
  }

  override candidates(prefix: string, after: string | undefined): Promise<CandidatePage> {
    return this.#once(`candidates ${prefix} ${after}`, () => super.candidates(prefix, after));
  }

  override proofs(prefix: string, after: string | undefined): Promise<ProofPage> {
    return this.#once(`proofs ${prefix} ${after}`, () => super.proofs(prefix, after));
  }

  override delays(): Promise<Delays> {
    return this.#once('delays', () => super.delays());
  }

  override logKey(): Promise<string> {
    return this.#once('key', () => super.logKey());
  }

  override timeStampRoots(): Promise<string | undefined> {
    return this.#once('roots', () => super.timeStampRoots());
  }

  override tipHeight(): Promise<number> {
    return this.#once('tip', () => super.tipHeight());
  }

  override headerHex(height: number): Promise<string | undefined> {
    return this.#once(`header ${height}`, () => super.headerHex(height));
  }

  override evmBlock(chainId: number, number: number): Promise<EvmBlock | 'no-such-block' | 'no-such-chain'> {
    return this.#once(`block ${chainId} ${number}`, () => super.evmBlock(chainId, number));
  }

  #once<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const there = this.#answers.get(question) as Promise<Answer> | undefined;
    if (there !== undefined) return there;
    const answer = ask();
    this.#answers.set(question, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
    // What got no answer is asked again by the next.
    answer.catch(() => this.#answers.delete(question));
    return answer;
  }
}
