/** The script of `hash-worker.ts`, whole. The bundler puts it here: see `worker-in-script.ts`. */
declare const script: string;
export default script;
