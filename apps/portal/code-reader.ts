import decodeQR from 'qr/decode.js';
import { PATIENT } from './code-area.js';

/** What a QR code is looked for in. */
type CodeImage = ImageBitmap | HTMLVideoElement;

/** Longest side at which a camera's picture is looked at, in pixels: enough for the densest code, and quick. */
const CAMERA_SIDE = 1600;

/** The same of a picture from a file, one after the other: a phone's is larger than a code needs, a small print needs more. */
const PICTURE_SIDES = [1200, 2400, 700];

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

  /** The text of a QR code in what a camera shows; null when none is found. */
  read(video: HTMLVideoElement): Promise<string | null> {
    return this.#read(video, video.videoWidth, video.videoHeight, [CAMERA_SIDE], {});
  }

  /** The text of a QR code in a picture from a file, which is worth a longer look; null when none is found, or it is no picture. */
  async readPicture(picture: Blob): Promise<string | null> {
    const bitmap = await createImageBitmap(picture).catch(() => null);
    if (bitmap === null) return null;
    try {
      return await this.#read(bitmap, bitmap.width, bitmap.height, PICTURE_SIDES, PATIENT);
    } finally {
      bitmap.close();
    }
  }

  async #read(
    image: CodeImage,
    width: number,
    height: number,
    sides: readonly number[],
    options: Parameters<typeof decodeQR>[1],
  ): Promise<string | null> {
    if (width === 0 || height === 0) return null;
    const own = await this.#own;
    if (own !== null) {
      // It may fail because the service behind it is not there: then ours looks.
      const [found] = await own.detect(image).catch(() => []);
      if (found !== undefined) return found.rawValue;
    }
    const longest = Math.max(width, height);
    for (const side of new Set(sides.map((most) => Math.min(most, longest)))) {
      const text = this.#look(image, width, height, side / longest, options);
      if (text !== null) return text;
    }
    return null;
  }

  #look(
    image: CodeImage,
    width: number,
    height: number,
    scale: number,
    options: Parameters<typeof decodeQR>[1],
  ): string | null {
    const canvas = this.#canvas;
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    // Behind what is transparent stands paper.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), options);
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
