/** How long this process computed while `work` ran, in milliseconds: what a machine with much else to do does not change, as it does the time that passes. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
