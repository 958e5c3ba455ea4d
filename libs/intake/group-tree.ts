import { hash } from 'node:crypto';
import { HASH_BYTES } from '#merkle/hash.js';
import { GROUP_MAX_LINES, type SignatureGroup } from '#statement/agency-signature.js';

/** What a line of a group comes to. */
export type PlaceFound = 'holds' | 'bad-path' | 'bad-signature';

/**
 * The tree over the lines of a group that an agency has signed, as far as lines that hold have shown it. The signature is verified with the first of them. A line climbs only as far as to a
 * node that is known, so that all lines of a group cost about one hash each, whatever their order. Hashes are Latin-1 strings of 32 characters: the cheapest way into and out of the
 * native hash.
 */
export class GroupTree {
  /** Nodes by height and position; a node is known with its sibling and all that is above them. */
  readonly #nodes = new Map<number, string>();
  #root: string | undefined;

  constructor(readonly size: number) {}

  /** Whether the line whose leaf has this hash stands where its signature says. `isSigned` is asked about a root (32 bytes, Latin-1) as long as none was found signed. */
  place(leaf: string, { index, path, size }: SignatureGroup, isSigned: (root: string) => boolean): PlaceFound {
    if (size !== this.size || index >= size) return 'bad-path';
    const siblings = decoded.toString('latin1', 0, decoded.write(path, 'base64url'));
    const shown: [key: number, node: string][] = [];
    let node = leaf;
    let at = 0;
    let isKnown = false;
    let height = 0;
    for (let position = index, last = size - 1; last > 0; position >>= 1, last >>= 1, height++) {
      const known = isKnown ? undefined : this.#nodes.get(keyOf(height, position));
      if (known !== undefined) {
        if (known !== node) return 'bad-path';
        isKnown = true;
      }
      const isLeft = position % 2 === 0;
      if (isLeft && position === last) continue;
      if (at + HASH_BYTES > siblings.length) return 'bad-path';
      const siblingKey = keyOf(height, position ^ 1);
      if (isKnown) {
        if (!siblings.startsWith(this.#nodes.get(siblingKey)!, at)) return 'bad-path';
        at += HASH_BYTES;
        continue;
      }
      const sibling = siblings.slice(at, (at += HASH_BYTES));
      shown.push([keyOf(height, position), node], [siblingKey, sibling]);
      node = nodeOf(isLeft ? node : sibling, isLeft ? sibling : node);
    }
    if (at !== siblings.length) return 'bad-path';
    if (!isKnown) {
      if (this.#root === undefined) {
        if (!isSigned(node)) return 'bad-signature';
        this.#root = node;
      } else if (node !== this.#root) return 'bad-path';
    }
    for (const [key, hashed] of shown) this.#nodes.set(key, hashed);
    return 'holds';
  }
}

function keyOf(height: number, position: number): number {
  return height * GROUP_MAX_LINES + position;
}

/** Where a path is decoded; written and read within one synchronous call. */
const decoded = Buffer.alloc(Math.log2(GROUP_MAX_LINES) * HASH_BYTES);

/** Where the preimage of a node is put together; written and read within one synchronous call. */
const preimage = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

function nodeOf(left: string, right: string): string {
  preimage.write(left, 1, 'latin1');
  preimage.write(right, 1 + HASH_BYTES, 'latin1');
  return hash('sha256', preimage, 'binary');
}
