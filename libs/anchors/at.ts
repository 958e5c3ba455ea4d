/** A time in a sentence: to the second, UTC. */
export const at = (time: string | Date): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
