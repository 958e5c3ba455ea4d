import { hash } from 'node:crypto';
import { HASH_BYTES } from '#merkle/hash.js';
import { GROUP_MAX_LINES, type SignatureGroup } from '#statement/agency-signature.js';

/** What a line of a group comes to. */
export type PlaceFound = 'holds' | 'bad-path' | 'bad-signature';

/** A node that a line has shown. */
interface Shown {
  hash: string;
  /** The path from it to the root. */
  path: string;
}

/**
 * The tree over the lines of a group that an agency has signed, as far as lines that hold have shown it. The signature is verified with the first of them. A line climbs only as far as to a
 * node that is known, so that all lines of a group cost about one hash each, whatever their order. Hashes are Latin-1 strings of 32 characters: the cheapest way into and out of the
 * native hash.
 */
export class GroupTree {
  /** By height and position. */
  readonly #nodes = new Map<number, Shown>();
  #root: string | undefined;

  constructor(readonly size: number) {}

  /** Whether the line whose leaf has this hash stands where its signature says. `isSigned` is asked about a root (32 bytes, Latin-1) as long as none was found signed. */
  place(leaf: string, { index, path, size }: SignatureGroup, isSigned: (root: string) => boolean): PlaceFound {
    if (size !== this.size || index >= size) return 'bad-path';
    const siblings = decoded.toString('latin1', 0, decoded.write(path, 'base64url'));
    const shown: [key: number, node: Shown][] = [];
    let node = leaf;
    let at = 0;
    let height = 0;
    for (let position = index, last = size - 1; last > 0; position >>= 1, last >>= 1, height++) {
      const known = this.#nodes.get(keyOf(height, position));
      if (known !== undefined) {
        if (known.hash !== node || known.path !== siblings.slice(at)) return 'bad-path';
        return this.#holds(shown);
      }
      const isLeft = position % 2 === 0;
      if (isLeft && position === last) continue;
      if (at + HASH_BYTES > siblings.length) return 'bad-path';
      const own = siblings.slice(at);
      const sibling = siblings.slice(at, (at += HASH_BYTES));
      shown.push(
        [keyOf(height, position), { hash: node, path: own }],
        [keyOf(height, position ^ 1), { hash: sibling, path: node + siblings.slice(at) }],
      );
      node = nodeOf(isLeft ? node : sibling, isLeft ? sibling : node);
    }
    if (at !== siblings.length) return 'bad-path';
    if (this.#root === undefined) {
      if (!isSigned(node)) return 'bad-signature';
      this.#root = node;
    } else if (node !== this.#root) return 'bad-path';
    return this.#holds(shown);
  }

  #holds(shown: readonly [key: number, node: Shown][]): PlaceFound {
    for (const [key, node] of shown) this.#nodes.set(key, node);
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
