import type { Joints } from '../joints.js';

/** What stands between the parts of what is said. */
export const joints: Joints = { sentences: ' ', items: ', ', groups: '; ' };

/** A text at the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text that begins with a capital, inside a sentence. */
export function lowercase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
