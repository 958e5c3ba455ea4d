import { OTS_FORMAT } from './opentimestamps/format.js';
import { TIME_STAMP_FORMAT } from './rfc3161/format.js';
import type { ToolFormat } from './tool-format.js';

const FORMATS = [OTS_FORMAT, TIME_STAMP_FORMAT] as const;

/** Every format for stock tools. A kind of attestation that has one is a line above. */
export const TOOL_FORMATS: readonly ToolFormat<KeptFileId>[] = FORMATS;

type Files = (typeof FORMATS)[number]['files'][number];

/** By which id pages name a file that a holder should keep. */
export type KeptFileId = Extract<Files, { kept: object }>['kept']['id'];
