// Starts the tree-building thread from the TypeScript sources, which Node cannot read by itself.
import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);
await import('../batch-tree.worker.ts');
