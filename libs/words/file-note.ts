/** What became of a file that is not the proof that was verified, where no finding says it. */
export interface FileNote {
  file: string;
  note: FileFate;
}

/** What became of such a file. */
export type FileFate =
  /** Another proof of the same record: what both say was verified. */
  | 'merged'
  /** Passed over: a proof of another document. */
  | 'other-document'
  /** Passed over: another proof of the same document, with another record. */
  | 'other-record'
  /** Passed over: the document was not given in a way that it could be compared with. */
  | 'not-compared'
  /** Passed over: no proof. */
  | 'unreadable'
  /** The salt in it was used. */
  | 'salt-used';
