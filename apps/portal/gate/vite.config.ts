import { defineConfig } from 'vite';
import { singleFileBuild } from '../single-file.js';

/** The page of a gate. */
export default defineConfig(singleFileBuild(import.meta.url, 'gate', { more: ['media-src blob:'] }));
