import { CodeReader } from './code-reader.js';

/** Pause between two looks, in milliseconds. */
const LOOK_EVERY_MS = 120;

/** Why there is no picture: the reader did not allow it, or there is no camera that can be used. */
export type CameraFault = 'denied' | 'missing';

/** A camera that looks for QR codes until it is stopped. */
export class CodeCamera {
  #stream: MediaStream | null = null;
  #timer: number | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly reader: CodeReader,
    /** Told of each code that is seen, again and again while it is in view; null when there is none. */
    private readonly onLook: (text: string | null) => void,
  ) {}

  get isOn(): boolean {
    return this.#stream !== null;
  }

  /** Starts; resolves to what is in the way, or null. */
  async start(): Promise<CameraFault | null> {
    if (this.#stream !== null) return null;
    // Where pages may not use cameras at all there is no such member, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) return 'missing';
    try {
      const video = { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } };
      this.#stream = await devices.getUserMedia({ video, audio: false });
    } catch (error) {
      return (error as DOMException).name === 'NotAllowedError' ? 'denied' : 'missing';
    }
    this.video.srcObject = this.#stream;
    await this.video.play();
    this.#look();
    return null;
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.video.srcObject = null;
  }

  #look(): void {
    this.#timer = window.setTimeout(() => {
      void this.reader
        .read(this.video)
        .then((text) => {
          if (this.#stream === null) return;
          this.onLook(text);
          this.#look();
        })
        .catch((error: unknown) => {
          this.stop();
          throw error;
        });
    }, LOOK_EVERY_MS);
  }
}
