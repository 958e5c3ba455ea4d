import { Module } from '@nestjs/common';
import { BatchPaths } from './batch-paths.js';
import { ForkGuard } from './fork-guard.js';
import { LogTree } from './log-tree.js';
import { SealingService } from './sealing.service.js';

/** Sealing, and reading the trees of what is sealed. Needs the global modules of config, keys and database. */
@Module({
  providers: [ForkGuard, SealingService, LogTree, BatchPaths],
  exports: [ForkGuard, SealingService, LogTree, BatchPaths],
})
export class SealingModule {}
