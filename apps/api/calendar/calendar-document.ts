import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '../problems/problem.js';
import { TIMESTAMP_MEDIA_TYPE } from './calendar-routes.js';
import { MAX_DIGEST_BYTES } from './calendar-timestamp.js';

const TAG = 'Calendar';
const binary = { type: 'string', format: 'binary' };
const text = (description: string, example: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' }, example } },
});
const timestamp = (description: string) => ({ description, content: { [TIMESTAMP_MEDIA_TYPE]: { schema: binary } } });

/** The answers for problems: plain text, unlike everywhere else. */
function problems(...codes: ProblemCode[]): Record<string, object> {
  return Object.fromEntries(
    [...codes, 'rate-limited' as const, 'internal' as const, 'unavailable' as const].map((code) => [
      PROBLEMS[code].status,
      text(PROBLEMS[code].title, 'Why, in one sentence'),
    ]),
  );
}

/** Adds the calendar's routes, which are not Nest's, to the OpenAPI document. */
export function documentCalendar(document: OpenAPIObject): void {
  const description =
    'The OpenTimestamps calendar protocol, as stock clients speak it. Answers are bytes or plain text. ' +
    'GET / with Accept: application/json or text/plain says how the calendar gets on.';
  document.tags = [...(document.tags ?? []), { name: TAG, description }];
  document.paths['/digest'] = {
    post: {
      operationId: 'calendar_submit',
      security: [],
      tags: [TAG],
      summary: 'Submit a digest to the calendar',
      description:
        'The digest is blinded with a nonce, and the result is recorded in the log before the answer. The answer is a timestamp of the ' +
        'digest that ends in a pending attestation. Refused (503) while the anchor bitcoin is overdue.',
      parameters: [],
      requestBody: {
        description: `The raw digest, 1 to ${MAX_DIGEST_BYTES} bytes, under any media type`,
        required: true,
        content: { 'application/octet-stream': { schema: binary } },
      },
      responses: { 200: timestamp('A bare timestamp'), ...problems('bad-request', 'request-timeout') },
    },
  };
  document.paths['/timestamp/{commitment}'] = {
    get: {
      operationId: 'calendar_find',
      security: [],
      tags: [TAG],
      summary: 'The way from a commitment to Bitcoin',
      description: 'Once it is final; it never changes from then on.',
      parameters: [
        {
          name: 'commitment',
          in: 'path',
          required: true,
          description: 'The message at the pending attestation, hex',
          schema: { type: 'string', pattern: '^(?:[0-9a-fA-F]{2})*$' },
        },
      ],
      responses: {
        200: timestamp('A bare timestamp of the commitment that ends in a Bitcoin attestation'),
        404: text('Unknown, or not final yet, with the reason', 'Pending confirmation in Bitcoin blockchain'),
        ...problems('bad-request'),
      },
    },
  };
  document.paths['/tip'] = {
    get: {
      operationId: 'calendar_tip',
      security: [],
      tags: [TAG],
      summary: 'What the newest transaction without a block commits to',
      description: 'What a stock calendar shows of its work in progress.',
      parameters: [],
      responses: {
        200: { description: '32 bytes', content: { 'application/octet-stream': { schema: binary } } },
        204: { description: 'There is no such transaction' },
        ...problems(),
      },
    },
  };
}
