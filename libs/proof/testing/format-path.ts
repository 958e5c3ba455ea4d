import { bytesToHex } from '@noble/hashes/utils.js';

/** 32-byte hashes as a proof writes a path. */
export const formatPath = (path: readonly Uint8Array[]): string[] => path.map((hash) => bytesToHex(hash));
