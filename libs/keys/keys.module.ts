import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { ADMIN_TOKEN, loadAdminToken } from './admin-token.js';
import { loadSigningKey, SIGNING_KEY } from './signing-key.js';

/** The service's secrets, loaded once at start. */
@Global()
@Module({
  providers: [
    { provide: SIGNING_KEY, inject: [CONFIG], useFactory: (config: Config) => loadSigningKey(config) },
    { provide: ADMIN_TOKEN, inject: [CONFIG], useFactory: (config: Config) => loadAdminToken(config) },
  ],
  exports: [SIGNING_KEY, ADMIN_TOKEN],
})
export class KeysModule {}
