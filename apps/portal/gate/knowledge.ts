import { decide, type GateAnswer, maxStatusAgeMs, staleness } from '#gate/decide.js';
import { GateError, type GateErrorCode } from '#gate/error.js';
import { type OpenPack, openGatePack } from '#gate/open.js';
import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { type OfferedKey, readKey } from '../offered-key.js';
import { keep, readKept } from './kept.js';

/** What a gate goes by: the log that is trusted, and the newest pack that was loaded. Kept on the device where the browser lets it. */
export class Knowledge {
  key: VerifierKey | null = null;
  keyText = '';
  pack: OpenPack | null = null;
  /** Whether the browser keeps what it is given. */
  keeps = true;

  /** Takes what was kept; resolves to the tag of the language that was chosen, if one was. A pack that does not open any more is dropped. */
  async remember(): Promise<string | undefined> {
    const kept = await readKept();
    this.keeps = kept !== null;
    const key = kept?.key === undefined ? null : readKey(kept.key);
    if (key !== null) this.#trust(key.text);
    if (kept?.pack !== undefined && this.key !== null) {
      try {
        this.pack = openGatePack(kept.pack, this.key);
      } catch (error) {
        if (!(error instanceof GateError)) throw error;
        await keep('pack', undefined);
      }
    }
    return kept?.language;
  }

  /** Trusts a key from now on; a pack of another log is no use then. */
  async trust(offered: OfferedKey): Promise<void> {
    if (offered.text !== this.keyText) await this.forget();
    this.#trust(offered.text);
    await keep('key', offered.text);
  }

  /** Forgets key and pack. */
  async forget(): Promise<void> {
    this.key = null;
    this.keyText = '';
    this.pack = null;
    await keep('pack', undefined);
    await keep('key', undefined);
  }

  /** Loads a pack; resolves to why it is not to be relied on, or is older than the one at hand, and goes by that one then. */
  async load(bytes: Uint8Array): Promise<GateErrorCode | 'older' | null> {
    try {
      const opened = openGatePack(bytes, this.key!, this.pack);
      if (this.pack !== null && opened.asOfMs < this.pack.asOfMs) return 'older';
      const isWhole = canOpenAlone(bytes, this.key!);
      this.pack = opened;
      // Changes alone open nothing at the next visit.
      if (isWhole) await keep('pack', bytes);
      return null;
    } catch (error) {
      if (error instanceof GateError) return error.code;
      throw error;
    }
  }

  /** What is known of the text of a code now. */
  decide(text: string): GateAnswer {
    return decide(text, { key: this.key!, pack: this.pack, nowMs: Date.now() });
  }

  /** How the pack stands for permits. */
  standing(): 'none' | 'fresh' | 'old' | 'ahead' {
    if (this.pack === null) return 'none';
    const why = staleness(this.pack, maxStatusAgeMs('permit@1'), Date.now());
    return why === null ? 'fresh' : why === 'clock' ? 'ahead' : 'old';
  }

  #trust(text: string): void {
    this.key = parseVerifierKey(text);
    this.keyText = text;
  }
}

function canOpenAlone(bytes: Uint8Array, key: VerifierKey): boolean {
  try {
    openGatePack(bytes, key);
    return true;
  } catch (error) {
    if (error instanceof GateError && error.code === 'needs-base') return false;
    throw error;
  }
}
