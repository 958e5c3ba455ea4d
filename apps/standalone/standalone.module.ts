import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ConfigModule } from '#config/config.module.js';
import { ApiModule } from '../api/api.module.js';
import { WorkerModule } from '../worker/worker.module.js';

/** The whole service in one process. */
@Module({})
export class StandaloneModule {
  static forProcess(config: Config): DynamicModule {
    return { module: StandaloneModule, imports: [ConfigModule.forRoot(config), ApiModule, WorkerModule] };
  }
}
