import type { Operation } from '../operation.js';

/** Operations that the service reads and never writes. */
export const SHA1: Operation = { type: 'sha1' };
export const RIPEMD160: Operation = { type: 'ripemd160' };
export const KECCAK256: Operation = { type: 'keccak256' };
export const REVERSE: Operation = { type: 'reverse' };
export const HEXLIFY: Operation = { type: 'hexlify' };
