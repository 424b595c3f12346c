/**
 * The end of last resort for programs under test.
 *
 * A small shell waits at the other end of a pipe and is told which groups run. When this process
 * ends in any way, also by SIGKILL, the kernel closes the pipe; the shell then stops what still
 * runs: SIGTERM, and SIGKILL two seconds later. So nothing here listens for signals or exceptions,
 * and a Ctrl-C works as it does without Brine.
 */
import type { ProcessGroup } from './process-group';

/** Sends itself no signal, reads `+ group` and `- group`, and acts at the end of its input. */
export const guardScript: string = `trap '' HUP INT QUIT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -TERM "-$group"; done
for second in 1 2; do
  left=
  for group in $groups; do kill -0 "-$group" && left="$left $group"; done
  groups=$left
  [ -z "$groups" ] && exit
  sleep 1
done
for group in $groups; do kill -KILL "-$group"; done
`;

/** The pipe to a running guard. */
export interface GuardPipe {
  /** False once the guard has ended. */
  readonly open: boolean;
  write(line: string): void;
}

/** The groups that run now, and the guard that is told of them. */
export class ProcessGuard {
  readonly #start: () => GuardPipe | undefined;
  readonly #groups = new Set<ProcessGroup>();
  #pipe: GuardPipe | undefined;

  /** @param start - starts a guard; gives `undefined` where that is not possible */
  constructor(start: () => GuardPipe | undefined) {
    this.#start = start;
  }

  /** Makes sure that a guard runs, so that {@link add} has somebody to tell at once. */
  prepare(): void {
    if (this.#pipe?.open === true) return;
    this.#pipe = this.#start();
    for (const group of this.#groups) this.#pipe?.write(`+ ${group.id}\n`);
  }

  /** Watches over a group; to be called in the same turn in which it was started. */
  add(group: ProcessGroup): void {
    if (this.#groups.size === 0) process.on('exit', this.#atExit);
    this.#groups.add(group);
    this.#pipe?.write(`+ ${group.id}\n`);
  }

  /** Forgets a group that is empty. */
  remove(group: ProcessGroup): void {
    if (!this.#groups.delete(group)) return;
    this.#pipe?.write(`- ${group.id}\n`);
    if (this.#groups.size === 0) process.off('exit', this.#atExit);
  }

  /** Where no guard runs, an ordinary exit is at least not one that leaves programs behind. */
  readonly #atExit = (): void => {
    if (this.#pipe?.open === true) return;
    for (const group of this.#groups) group.signal('SIGKILL');
  };
}
