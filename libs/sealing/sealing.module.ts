import { Module } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import { StatusEventRepository } from '#database/status-event.repository.js';
import { BatchPaths } from './batch-paths.js';
import { ForkGuard } from './fork-guard.js';
import { LogTree } from './log-tree.js';
import { SealingService } from './sealing.service.js';
import { StatusPaths } from './status-paths.js';
import { StatusReader } from './status-reader.js';

const PROVIDERS = [
  ForkGuard,
  SealingService,
  LogTree,
  BatchPaths,
  BatchRepository,
  StatusEventRepository,
  StatusPaths,
  StatusReader,
];

/** Sealing, and reading the trees of what is sealed. Needs the global modules of config, keys and database. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class SealingModule {}
