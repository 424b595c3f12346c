import { type Duration, formatDuration, readDuration, toMicroseconds } from '../../base/duration';
import { TcpError } from '../../base/errors';
import type { Clock, Deadline } from '../clock';

/**
 * A deadline on any clock that has timers: the same code and words on every network.
 *
 * @throws TcpError `ECONFIG` - the duration is not one
 */
export function deadlineOn(
  clock: Pick<Clock, 'after'>,
  duration: Duration,
  label = 'deadline',
): Deadline {
  const ms = readDuration('duration', duration);
  const controller = new AbortController();
  const pass = (): void => {
    const text = `${label} of ${formatDuration(ms)} passed`;
    controller.abort(new TcpError(text, { code: 'EDEADLINE', phase: 'deadline' }));
  };
  const timer = clock.after(toMicroseconds(ms), pass, label);
  return {
    signal: controller.signal,
    dueUs: timer.dueUs,
    clear: () => timer.cancel(),
    [Symbol.dispose]: () => timer.cancel(),
  };
}
