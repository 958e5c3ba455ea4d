import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds of CPU time, by who spent them: what makes the load, the server in question, PostgreSQL. */
export interface CpuTime {
  load: number;
  server: number;
  database: number;
}

/** What counts CPU time from its call on; the result gives what one of `items` took. */
export type CpuMeter = () => (items: number) => CpuTime | null;

/** Microseconds in one of the ticks that Linux counts CPU time in (`USER_HZ`). */
const TICK_US = 10_000;

/** A meter of this process (which makes the load), of the one with id `server`, and of the PostgreSQL server of `postmaster` with all its processes. Where
 * there is no `/proc`, what it gives is null. */
export function cpuMeter(server: number, postmaster: number): CpuMeter {
  return () => {
    const before = spent(server, postmaster);
    return (items) => {
      const after = spent(server, postmaster);
      if (before === null || after === null || items === 0) return null;
      return {
        load: (after.load - before.load) / items,
        server: (after.server - before.server) / items,
        database: (after.database - before.database) / items,
      };
    };
  };
}

function spent(server: number, postmaster: number): CpuTime | null {
  try {
    const backends = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? childOf(postmaster, name) : []));
    const { system, user } = process.cpuUsage();
    return {
      load: user + system,
      server: statOf(server).own,
      // A process that has ended is counted by its parent.
      database: backends.reduce((sum, own) => sum + own, statOf(postmaster).own + statOf(postmaster).ended),
    };
  } catch {
    return null;
  }
}

/** Microseconds of CPU time of a process so far; 0 where there is no `/proc`, or no such process any more. */
export function cpuOf(pid: number): number {
  try {
    return statOf(pid).own;
  } catch {
    return 0;
  }
}

/** CPU time of process `name` when it is a child of `parent`. */
function childOf(parent: number, name: string): number[] {
  try {
    const stat = statOf(name);
    return stat.parent === parent ? [stat.own] : [];
  } catch {
    // It ended meanwhile.
    return [];
  }
}

function statOf(pid: number | string): { parent: number; own: number; ended: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, in brackets, may hold anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map((ticks) => ticks * TICK_US);
  return { parent: fields[1]!, own: user! + system!, ended: endedUser! + endedSystem! };
}
