import decodeQR from 'qr/decode.js';

/** What a QR code is looked for in. */
export type CodeImage = ImageBitmap | HTMLVideoElement;

/** Longest side that is looked at, in pixels: enough for the densest code, and quick. */
const MAX_SIDE = 1600;

/** The browser's own reader (Shape Detection API), where it has one. */
interface BarcodeDetectorLike {
  detect(image: CodeImage): Promise<{ rawValue: string }[]>;
}
type BarcodeDetectorClass = {
  new (options: { formats: string[] }): BarcodeDetectorLike;
  getSupportedFormats(): Promise<string[]>;
};

/** Looks for QR codes in pictures: with the browser's own reader, and where that has none or finds nothing with ours. */
export class CodeReader {
  readonly #canvas = document.createElement('canvas');
  readonly #own = ownReader();

  /** The text of a QR code in a picture; null when none is found. `patient`: take whatever time it takes, which a picture from a file is worth. */
  async read(image: CodeImage, patient = false): Promise<string | null> {
    const own = await this.#own;
    if (own !== null) {
      // It may fail on a picture of no size, or because the service behind it is not there: then ours looks.
      const [found] = await own.detect(image).catch(() => []);
      if (found !== undefined) return found.rawValue;
    }
    const [width, height] =
      image instanceof HTMLVideoElement ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
    if (width === 0 || height === 0) return null;
    const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
    const canvas = this.#canvas;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(pixels, patient ? { effort: Infinity, timeLimit: Infinity } : {});
    } catch {
      // The library says with an error that there is none.
      return null;
    }
  }
}

async function ownReader(): Promise<BarcodeDetectorLike | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: BarcodeDetectorClass };
  if (BarcodeDetector === undefined) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => [] as string[]);
  return formats.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
}
