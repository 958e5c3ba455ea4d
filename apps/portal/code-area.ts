import decodeQR from 'qr/decode.js';

/** How a picture from a file is looked at, which is worth longer than a camera's: in milliseconds for one look. */
export const PATIENT = { effort: Infinity, timeLimit: 4000 } as const;

/** Most codes that are read of one page. */
const MAX_CODES = 4;

/** The texts of the QR codes that are drawn on a canvas, each of which is painted over when it is read. */
export function readCodes(context: OffscreenCanvasRenderingContext2D): string[] {
  const { height, width } = context.canvas;
  const texts: string[] = [];
  while (texts.length < MAX_CODES) {
    let box = { x: 0, y: 0, width, height };
    try {
      const options = {
        ...PATIENT,
        pointsOnDetect: ({ boundingBox }: { boundingBox: typeof box }) => (box = boundingBox),
      };
      texts.push(decodeQR(context.getImageData(0, 0, width, height), options));
    } catch {
      // The library says with an error that there is none.
      break;
    }
    context.fillStyle = '#fff';
    context.fillRect(box.x, box.y, box.width, box.height);
  }
  return texts;
}
