import { type AttestedBlock, bitcoinScene } from './bitcoin-scene.js';
import { bitcoinShownCases } from './bitcoin-shown-cases.js';
import { bitcoinUnshownCases } from './bitcoin-unshown-cases.js';
import type { SourceCase } from './source-case.js';

/** The table of outcomes for Bitcoin: each row, and what sources have been seen to do wrong. */
export function bitcoinCases(block: AttestedBlock): SourceCase[] {
  const scene = bitcoinScene(block);
  return [...bitcoinShownCases(scene), ...bitcoinUnshownCases(scene)];
}
