import { Controller, Get, Header, Param } from '@nestjs/common';
import { z } from 'zod';
import { Operation } from '../openapi/operation.js';
import { whole } from '../openapi/whole.js';
import { type HeaderAnswer, HeadersService, type TipAnswer } from './headers.service.js';

/** Heights are 32-bit numbers in Bitcoin. */
const MAX_HEIGHT = 0x7fffffff;

const heightParams = z.object({ height: whole('Height of the block', 0, MAX_HEIGHT) });

const headerSchema = z
  .object({
    height: z.int().min(0),
    header: z
      .string()
      .regex(/^[0-9a-f]{160}$/)
      .describe('The 80 bytes of the header, hex'),
    hash: z.string().describe('Block hash, the digits as people write them'),
    source: z.string().describe('Which nodes and explorers show it'),
  })
  .meta({ id: 'BlockHeader' });

const EXAMPLE_HEADER = {
  height: 0,
  header:
    '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
  hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  source: 'Esplora at blockstream.info',
};

const tipSchema = z
  .object({ height: z.int().min(0), source: z.string().describe('Which nodes and explorers were heard') })
  .meta({ id: 'BitcoinTip' });

/** Bitcoin block headers for the page that verifies in the browser. */
@Controller('v1/bitcoin')
export class HeadersController {
  constructor(private readonly headers: HeadersService) {}

  @Get('tip')
  @Header('cache-control', 'public, max-age=30')
  @Operation({
    tag: 'Bitcoin',
    summary: 'Height of the newest block',
    description: 'By the source of the service that knows fewest blocks; it shows how deep a block lies.',
    answers: {
      200: {
        description: 'The height',
        content: {
          'application/json': { schema: tipSchema, example: { height: 900_000, source: EXAMPLE_HEADER.source } },
        },
      },
    },
    problems: ['sources-contradict', 'header-source-unavailable', 'rate-limited'],
  })
  async tip(): Promise<TipAnswer> {
    return this.headers.tip();
  }

  @Get('headers/:height')
  @Header('cache-control', 'public, max-age=60')
  @Operation({
    tag: 'Bitcoin',
    summary: 'A block header',
    description:
      'That all sources of the service show which show any: where they differ, none is passed on. Who does not trust the service asks a node of their own.',
    params: heightParams,
    answers: {
      200: {
        description: 'The header',
        content: { 'application/json': { schema: headerSchema, example: EXAMPLE_HEADER } },
      },
    },
    problems: ['no-such-block', 'sources-contradict', 'header-source-unavailable', 'rate-limited'],
  })
  async get(@Param({ schema: heightParams }) params: z.output<typeof heightParams>): Promise<HeaderAnswer> {
    return this.headers.find(params.height);
  }
}
