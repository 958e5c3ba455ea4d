import type { SettingsOf } from '#setting/setting.js';
import type { AnchorKind } from './anchor-kind.js';
import { BITCOIN } from './bitcoin/kind.js';
import { EVM } from './evm/kind.js';
import { OPENTIMESTAMPS } from './opentimestamps/kind.js';
import { RFC3161 } from './rfc3161/kind.js';
import { SOURCE_SETTINGS } from './source-settings.js';

/** Every setting of sources and anchors. A new kind of anchor is a line here and one in {@link ANCHOR_KINDS}. */
export const ANCHOR_SETTINGS = {
  ...SOURCE_SETTINGS,
  ...OPENTIMESTAMPS.settings,
  ...BITCOIN.settings,
  ...EVM.settings,
  ...RFC3161.settings,
};

/** The same as the code sees them. */
export type AnchorSettings = SettingsOf<typeof ANCHOR_SETTINGS>;

/** Every kind of anchor. */
export const ANCHOR_KINDS: readonly AnchorKind<AnchorSettings>[] = [OPENTIMESTAMPS, BITCOIN, EVM, RFC3161];

/** What `ANCHORS` is unless set: the one that needs no settings and costs nothing. */
export const DEFAULT_ANCHOR: string = OPENTIMESTAMPS.name;

/** The kind of an anchor, by the anchor's name; undefined for one that another version of the service has left. */
export function kindOfAnchor(anchor: string): AnchorKind<AnchorSettings> | undefined {
  const [word] = anchor.split(':');
  return ANCHOR_KINDS.find(({ name }) => name === word);
}
