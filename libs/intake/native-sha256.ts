import { hash } from 'node:crypto';
import { intoPlace } from '#merkle/hash.js';

/** SHA-256 in Node's own code, for trees of some thousand leaves. */
export const nativeSha256Into = intoPlace((data) => hash('sha256', data, 'buffer'));
