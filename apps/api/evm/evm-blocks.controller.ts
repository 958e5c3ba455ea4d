import { Controller, Get, Header, Param } from '@nestjs/common';
import { z } from 'zod';
import { Operation } from '../openapi/operation.js';
import { whole } from '../openapi/whole.js';
import { type EvmBlockAnswer, EvmBlocksService } from './evm-blocks.service.js';

const blockParams = z.object({
  chainId: whole("The chain's id", 1, Number.MAX_SAFE_INTEGER),
  number: whole('Number of the block; 0 shows which chain it is', 0, Number.MAX_SAFE_INTEGER),
});

const blockSchema = z
  .object({
    chainId: z.int().min(0),
    number: z.int().min(0),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('Block hash, hex without 0x'),
    time: z.iso.datetime().describe("The block's own time"),
    finalizedNumber: z
      .int()
      .min(0)
      .nullable()
      .describe('Number of the newest block that is final by the rule configured for the chain; null when unknown'),
    source: z.string().describe("Which of the service's nodes show it"),
  })
  .meta({ id: 'EvmBlock' });

const EXAMPLE_BLOCK = {
  chainId: 1,
  number: 0,
  hash: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
  time: '1970-01-01T00:00:00.000Z',
  finalizedNumber: 21_000_000,
  source: 'node 1 of the service',
};

/** Blocks of EVM chains for the page that verifies in the browser. */
@Controller('v1/evm')
export class EvmBlocksController {
  constructor(private readonly blocks: EvmBlocksService) {}

  @Get(':chainId/blocks/:number')
  @Header('cache-control', 'public, max-age=15')
  @Operation({
    tag: 'EVM chains',
    summary: 'Hash and time of a block',
    description:
      'That all nodes of that chain show which show any: where they differ, none is passed on; only for chains that the service is configured for. Who does not trust the service asks a node of their own.',
    params: blockParams,
    answers: {
      200: {
        description: 'The block',
        content: { 'application/json': { schema: blockSchema, example: EXAMPLE_BLOCK } },
      },
    },
    problems: ['no-such-chain', 'no-such-block', 'sources-contradict', 'evm-source-unavailable', 'rate-limited'],
  })
  async get(@Param({ schema: blockParams }) params: z.output<typeof blockParams>): Promise<EvmBlockAnswer> {
    return this.blocks.find(params.chainId, params.number);
  }
}
