/** What the bundler makes of the address of a worker. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}

/** What it makes of the address of any other file. */
declare module '*?url' {
  const address: string;
  export default address;
}

/** The library's own worker, which has no declarations. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs';
