/** Name and version of the format. */
export const PROOF_FORMAT = 'sealroot/proof@2';
/** Media type of a proof. */
export const PROOF_MEDIA_TYPE = 'application/vnd.sealroot.proof+json';
/** Ending of the name of a file that holds a proof, after the document's own name: the same on the page and on the command line. */
export const PROOF_SUFFIX = '.sealroot.json';

/** Longest proof text, in UTF-16 units (ASCII but for the statements' own text): hundreds of times what a real proof has. */
export const PROOF_MAX_CHARACTERS = 2_097_152;
/** Most checkpoints in one proof: the covering one, and one for each anchoring that was worth keeping. */
export const PROOF_MAX_CHECKPOINTS = 16;
/** Most keys that a proof shows: of the record, and of what has become of it. */
export const PROOF_MAX_AUTHORISATIONS = 16;
/** Most attestations of one checkpoint. */
export const PROOF_MAX_ATTESTATIONS = 16;
/** Longest signed note, in UTF-16 units: the log's line and those of a score of witnesses, be their signatures of kilobytes. */
export const PROOF_MAX_NOTE_CHARACTERS = 65_536;
/** Longest batch path, in hashes: a batch has at most 2^20 entries. */
export const BATCH_PATH_MAX = 20;
/** Longest log path, in hashes: sizes are exact up to 2^53. */
export const LOG_PATH_MAX = 53;
