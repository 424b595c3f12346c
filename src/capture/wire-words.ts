/** Words for what a trace says in codes. The words of failures are those that steps match. */
import type { WireEvent } from '../network/wire-event';

/** Raw codes of sockets → words of a failure class. @source docs/scripts.md#events */
const failureWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'host unreachable',
  ENOTFOUND: 'unknown host',
  EADDRINUSE: 'address in use',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'timeout',
};

/** An error or a refused dial as a failure: its class, else its code. */
export function errorWords(event: WireEvent): string {
  const code = String(event.detail?.['code'] ?? '');
  if (Object.hasOwn(failureWords, code)) return failureWords[code] ?? code;
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(code) ? code : 'unknown';
}

/** A deadline that passed: what was waited for, from what the trace says of it. */
export function timeoutWords(event: WireEvent): string {
  const { what, code, ms } = event.detail ?? {};
  if (typeof what === 'string') {
    if (what.startsWith('idle')) return 'idle timeout';
    return what.startsWith('write') ? 'write timeout' : 'read timeout';
  }
  if (code !== undefined) return 'connect timeout';
  return ms === undefined ? 'timeout' : 'idle timeout';
}

/** What a fault did: its name and facts; of a proxy: `latency slow delayed on mail#3`. */
export function faultText(event: WireEvent): string {
  const { type, ...facts } = event.detail ?? {};
  if (facts['proxied'] !== undefined) {
    const { fault, action, proxied } = facts;
    const name = String(fault).startsWith(String(type)) ? fault : `${type} ${fault}`;
    return `${name} ${action} on ${proxied}`;
  }
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return [type ?? 'fault', ...words].join(' ');
}
