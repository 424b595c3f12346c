import type { ConnectionService } from '../tcp/service';

/** The things a connection of a listener can meet, in the words of a step. */
export type ListenerEvent = 'connect' | 'bytes' | 'end' | 'error' | 'close';

const eventOf: Readonly<Record<string, ListenerEvent>> = {
  onBytes: 'bytes',
  onError: 'error',
  onEnd: 'end',
  onClose: 'close',
};

/**
 * A service that does the same and has its events noted, each before its callback runs. It stays
 * the kind of service it was: a framed one is known by its class.
 */
export function noted(
  service: ConnectionService,
  note: (event: ListenerEvent, error?: unknown) => void,
): ConnectionService {
  return new Proxy(service, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      const event = typeof key === 'string' ? eventOf[key] : undefined;
      if (event === undefined) return typeof member === 'function' ? member.bind(target) : member;
      if (member === undefined && event === 'end') return undefined;
      return (...words: unknown[]): unknown => {
        note(event, words[0]);
        return typeof member === 'function' ? member.apply(target, words) : undefined;
      };
    },
  });
}
