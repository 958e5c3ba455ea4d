import { Module } from '@nestjs/common';
import { RecordRepository } from '#database/record.repository.js';
import { IntakeService } from './intake.js';

/** The way in for records. Needs the global modules of configuration, database and keys. */
@Module({ providers: [RecordRepository, IntakeService], exports: [RecordRepository, IntakeService] })
export class IntakeModule {}
