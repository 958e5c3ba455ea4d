/** What is thrown is a fault of this page, unless it was ended. */
export function unlessEnded({ signal }: AbortController): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
