/** What stands between the parts of what is said. */
export interface Joints {
  /** Between two sentences. */
  sentences: string;
  /** Between the items of a list. */
  items: string;
  /** Between items that have such lists in them. */
  groups: string;
}

/** Sentences one after the other; null stands for one that there is no reason to say. */
export function inOrder(joints: Joints, ...sentences: (string | null)[]): string {
  return sentences.filter((sentence) => sentence !== null).join(joints.sentences);
}
