import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * A group of processes that was started here: a program and what it started in turn.
 *
 * The number of a group cannot be given to another one while a member lives. Once the group was
 * seen empty it is never signalled again, since the number may then be anybody's.
 */
export class ProcessGroup {
  /** The process id of the program, which is the number of its group. */
  readonly id: number;
  #empty = false;

  constructor(id: number) {
    this.id = id;
  }

  /** Whether any member is alive. Zombies, which nobody may ever collect in a container, are not. */
  get alive(): boolean {
    if (this.#empty) return false;
    this.#empty = !this.#send(0) || !hasLivingMembers(this.id);
    return !this.#empty;
  }

  /** Sends a signal to every member; `false` when there was none left. */
  signal(name: NodeJS.Signals): boolean {
    return this.alive && this.#send(name);
  }

  /** Without groups, as on Windows, the program alone is meant. */
  #send(signal: NodeJS.Signals | 0): boolean {
    try {
      process.kill(hasGroups ? -this.id : this.id, signal);
      return true;
    } catch {
      // ESRCH: nobody is left. EPERM (macOS): nothing but zombies is left.
      return false;
    }
  }
}

/** Whether programs get process groups of their own. */
export const hasGroups: boolean = process.platform !== 'win32';

/** Where the kernel lists processes as files, it also tells which of them are zombies. */
const listsProcesses = process.platform === 'linux' && existsSync('/proc/self/stat');

function hasLivingMembers(id: number): boolean {
  if (!listsProcesses || isMember(String(id), id)) return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isMember(name, id));
}

/** Reads `pid (name) state parent group session …`; the name may hold blanks and parentheses. */
function isMember(pid: string, id: number): boolean {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return false; // it ended meanwhile
  }
  const [state, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== 'Z' && state !== 'X' && Number(group) === id && Number(session) === id;
}
