import { MerkleError } from './error.js';
import { assertHash, assertTreeSize, EMPTY_ROOT, nodeHash, type Sha256 } from './hash.js';

/**
 * The right edge of a growing tree: the roots of the complete subtrees that it is made of, largest first. Enough to append leaves for ever and
 * to tell the root at each size, in a hash for each bit of the size.
 */
export class Frontier {
  #size: number;
  readonly #nodes: Uint8Array[];

  /**
   * The tree of `size` leaves whose complete subtrees have these roots, as {@link Frontier.nodes} tells them; without arguments the empty tree.
   *
   * @throws MerkleError `bad-size`; `bad-hash` unless there is one hash of 32 bytes for each bit of the size
   */
  constructor(
    size = 0,
    nodes: readonly Uint8Array[] = [],
    private readonly sha256?: Sha256,
  ) {
    assertTreeSize(size);
    nodes.forEach((node) => assertHash(node, 'frontier'));
    const expected = [...size.toString(2)].filter((bit) => bit === '1').length;
    if (nodes.length !== expected)
      throw new MerkleError('bad-hash', `frontier: expected ${expected} hashes, got ${nodes.length}`);
    this.#size = size;
    this.#nodes = [...nodes];
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Roots of the complete subtrees, largest first, 32 bytes each. */
  get nodes(): readonly Uint8Array[] {
    return this.#nodes;
  }

  /** Appends a leaf hash, or the root of a complete subtree of height `height`. Throws `bad-hash`; `bad-size` where no such subtree can stand. */
  append(hash: Uint8Array, height = 0): void {
    assertHash(hash, 'leaf hash');
    const length = 2 ** height;
    if (this.#size % length !== 0)
      throw new MerkleError('bad-size', `frontier: expected a multiple of ${length} leaves, got ${this.#size}`);
    let node = hash;
    // As in an addition of binary numbers: each carry joins two subtrees of one height.
    for (let carry = this.#size / length; carry % 2 === 1; carry = Math.floor(carry / 2))
      node = nodeHash(this.#nodes.pop()!, node, this.sha256);
    this.#nodes.push(node);
    this.#size += length;
    assertTreeSize(this.#size);
  }

  /** The tree's root, 32 bytes. */
  root(): Uint8Array {
    if (this.#size === 0) return EMPTY_ROOT.slice();
    return this.#nodes.reduceRight((right, left) => nodeHash(left, right, this.sha256));
  }

  /** One that grows on its own from here. */
  copy(): Frontier {
    return new Frontier(this.#size, this.#nodes, this.sha256);
  }
}
