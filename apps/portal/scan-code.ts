import decodeQR from 'qr/decode.js';

/** Longest sides, in pixels, at which a picture is looked at: a phone's picture is larger than a code needs, a small print needs more. */
const SIDES = [1200, 2400, 700];

/** Longest time for one look at a picture. */
const LOOK_MS = 4000;

/** The text of the QR code in a picture; undefined where none can be read, or it is no picture. */
export async function scanPicture(picture: Blob): Promise<string | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture);
  } catch (error) {
    console.info('the picture could not be read:', error);
    return undefined;
  }
  const longest = Math.max(bitmap.width, bitmap.height);
  const sides = new Set(SIDES.map((side) => Math.min(side, longest)));
  try {
    for (const side of sides) {
      const text = look(bitmap, side / longest);
      if (text !== undefined) return text;
    }
    return undefined;
  } finally {
    bitmap.close();
  }
}

function look(bitmap: ImageBitmap, scale: number): string | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  // Behind what is transparent stands paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data, height, width } = context.getImageData(0, 0, canvas.width, canvas.height);
  try {
    return decodeQR({ data, height, width }, { effort: Infinity, timeLimit: LOOK_MS });
  } catch (error) {
    console.info(`no code was found at ${width} × ${height}:`, error);
    return undefined;
  }
}
