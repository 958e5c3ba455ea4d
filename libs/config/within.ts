/** What `work` comes to; what `late` gives, or throws, when that takes longer than `limitMs`. What comes of the work later is dropped. */
export async function within<T, Late>(work: Promise<T>, limitMs: number, late: () => Late): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  try {
    return await Promise.race([work, limit.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
