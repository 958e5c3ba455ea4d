import { formatCheckpoint } from '#tlog/checkpoint.js';
import type { AnchoredCheckpoint } from '../anchor.js';

/** A checkpoint with this root. */
export function checkpointOf(root: Uint8Array, size = 1): AnchoredCheckpoint {
  return { size, root, text: root.length === 32 ? formatCheckpoint({ origin: 'log.example', size, root }) : '' };
}
