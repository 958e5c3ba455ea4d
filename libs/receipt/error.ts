/** The error of this library: a text that is no receipt. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}
