/** What stands before the ending of the name of a file that has its proof inside. */
const PART = '.sealroot';
const CONTAINER_ENDING = `${PART}.zip`;

/** `contract.pdf` becomes `contract.sealroot.pdf`, so that programs still know what it is; a name that says so already stays. */
export function nameWithProof(name: string): string {
  const [stem, ending] = split(name);
  return stem.endsWith(PART) ? name : `${stem}${PART}${ending}`;
}

/** `contract.pdf` becomes `contract.pdf.sealroot.zip`, a container with both in it; the name of one already stays. */
export function nameOfContainer(name: string): string {
  return name.endsWith(CONTAINER_ENDING) ? name : `${name}${CONTAINER_ENDING}`;
}

/** `contract.sealroot.pdf` becomes `contract.pdf`; any other name stays. */
export function nameWithoutProof(name: string): string {
  const [stem, ending] = split(name);
  return stem.endsWith(PART) ? `${stem.slice(0, -PART.length)}${ending}` : name;
}

/** A name, of which a path may be part, and its ending with the dot. */
function split(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  const isEnding = dot > Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
  return isEnding && name.slice(dot) !== PART ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}
