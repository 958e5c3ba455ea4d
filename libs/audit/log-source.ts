/** Public entries on one page. */
export const PAGE_ENTRIES = 1024;

/** What a service serves of its log to everybody. An answer that does not come is thrown, and passes through this library. */
export interface LogSource {
  /** The newest signed checkpoint. */
  checkpoint(): Promise<string>;
  /** C2SP tile of the log: `width` hashes of 32 bytes. */
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
  /** C2SP entry bundle of the log: `width` batch entries. */
  bundle(index: number, width: number): Promise<Uint8Array>;
  /** A page of public entries: those of ordinals {@link PAGE_ENTRIES}·`index` and following, as many as are sealed. */
  page(index: number): Promise<Uint8Array>;
}
