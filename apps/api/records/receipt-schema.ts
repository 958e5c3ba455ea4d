import { z } from 'zod';
import { EXAMPLE_RECEIPT, EXAMPLE_TIME } from '../openapi/examples.js';

const receiptSchema = z
  .strictObject({
    note: z
      .string()
      .describe(
        'Signed note (C2SP) of the origin `<log origin>/receipt`: size and RFC 9162 root of the requests that were committed together, and the time',
      ),
    index: z.int().min(0).describe('Of this request among them'),
    path: z.array(z.string()).describe('Inclusion path, 32 bytes each in base64'),
  })
  .meta({
    id: 'Receipt',
    description:
      'The promise that what this answer accepted will be in the log. Entry of the request: SHA-256 of the accepted leaf hashes, concatenated in the order ' +
      'of the answer, where an event in `superseded` follows its record',
    examples: [EXAMPLE_RECEIPT],
  });

/** Members of an answer that promises something. */
export const receiptShape = {
  receipt: receiptSchema,
  includeBy: z
    .string()
    .meta({ format: 'date-time', examples: [EXAMPLE_TIME] })
    .describe('By then it is in the log: ten seconds after the time in the receipt'),
};

/** The same of an answer that may have accepted nothing. */
export const optionalReceiptShape = {
  receipt: receiptShape.receipt.optional(),
  includeBy: receiptShape.includeBy.optional(),
};
