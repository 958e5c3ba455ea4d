/** SQL condition that the checkpoint of this size stands for a batch: it covers the batch, and is one of the log that the batch is in, not of one that
 * followed it. Both are SQL expressions. */
export const covers = (size: string, batch: string): string => `${size} > ${batch} AND ${size} <= log_end(${batch})`;
