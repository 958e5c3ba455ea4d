/** Folder that holds the receipts, in the current folder or in `--out`. */
export const RECEIPT_FOLDER = 'sealroot-receipts';

/** Names of the files that this command writes; they are never documents. */
export const OWN_FILE = /\.(sealroot|sealroot-salt)\.json$|\.[0-9a-f]{8}\.tmp$/;

/** Ending of the file that says how far a submission of many files is, in the same folder. */
export const STATE_SUFFIX = '.submission.ndjson';

/** Ending of a receipt for a change of status, in the same folder. */
export const STATUS_RECEIPT_SUFFIX = '.status.json';
