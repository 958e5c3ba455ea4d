import type { Joints } from '../joints.js';

/** What stands between the parts of what is said. */
export const joints: Joints = { sentences: '', items: '、', groups: '；' };
