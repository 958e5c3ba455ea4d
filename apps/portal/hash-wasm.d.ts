/** hash-wasm's one-algorithm builds, which it ships without declarations. */
declare module 'hash-wasm/dist/sha256.umd.min.js' {
  const algorithm: Pick<typeof import('hash-wasm'), 'createSHA256'>;
  export default algorithm;
}
declare module 'hash-wasm/dist/sha512.umd.min.js' {
  const algorithm: Pick<typeof import('hash-wasm'), 'createSHA512'>;
  export default algorithm;
}
declare module 'hash-wasm/dist/sha3.umd.min.js' {
  const algorithm: Pick<typeof import('hash-wasm'), 'createSHA3'>;
  export default algorithm;
}
declare module 'hash-wasm/dist/sm3.umd.min.js' {
  const algorithm: Pick<typeof import('hash-wasm'), 'createSM3'>;
  export default algorithm;
}
