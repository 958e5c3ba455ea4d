import pg from 'pg';

/** A connection of the queue to PostgreSQL. One that breaks while BullMQ holds it fails BullMQ's query, which tells of it; the event beside
 * that, which BullMQ does not listen to, would end the process. */
export class QueueClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
