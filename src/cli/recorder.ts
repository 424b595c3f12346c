/**
 * Records what goes through a proxy.
 *
 * Only the connections from the proxy to the target are recorded: there the order of bytes is that
 * of the server. The first bytes of a client wait until the server has spoken or a time has passed,
 * so that a greeting is one, however eager the client is.
 */
import { capture } from '../capture/capture';
import type { CaptureOptions } from '../capture/capture-options';
import type { Capture } from '../capture/running-capture';
import type { Fault } from '../faults/fault';
import { hold } from '../faults/hold';
import type { WireEvent } from '../network/wire-event';
import type { World } from '../network/world';
import { Proxy } from '../proxy/proxy';

/** What is recorded, and where to. */
export interface RecorderOptions {
  readonly world: World;
  /** `host:port`. */
  readonly listen: string;
  readonly target: string;
  /** Path of the capture. */
  readonly capture: string;
  /** How long the first bytes of a client wait for a greeting, in milliseconds; 0: not at all. */
  readonly greetingMs: number;
  readonly packets: CaptureOptions;
}

/** A proxy that records. */
export class Recorder {
  readonly proxy: Proxy;
  readonly #capture: Capture;

  private constructor(proxy: Proxy, running: Capture) {
    this.proxy = proxy;
    this.#capture = running;
  }

  /** Starts one; it listens when this resolves. @throws TcpError - as `Proxy.start` and `capture` */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const { world, listen, target, greetingMs, packets } = options;
    const running = await capture(world, options.capture, {
      ...packets,
      connections: (event) => isBehind(world, event),
    });
    try {
      const proxy = await Proxy.start({
        world,
        name: 'recorder',
        listen,
        upstream: target,
        ...(greetingMs > 0 && { toxics: [greetingHold(greetingMs)] }),
      });
      return new Recorder(proxy, running);
    } catch (error) {
      await running.close();
      throw error;
    }
  }

  /**
   * Ends the recording, then the connections, whose end it therefore does not show.
   *
   * @returns what the capture warns of
   */
  async stop(): Promise<readonly string[]> {
    const { warnings } = await this.#capture.close();
    await this.proxy.close();
    return warnings;
  }
}

/** What the proxy calls its ends in the trace. */
const label = 'proxy recorder';

/** Whether an event is of a connection to the target; in memory its far end tells of it, too. */
function isBehind({ kind }: World, { connection, from, to }: WireEvent): boolean {
  if (connection.startsWith('c')) return from === label;
  return kind === 'simulated' && to === label;
}

function greetingHold(ms: number): Fault {
  return hold({
    name: 'greeting',
    stream: 'upstream',
    trigger: {
      at: 0,
      stream: 'downstream',
      until: { any: [{ byte: 1 }, { at: ms, since: 'connection' }] },
    },
  });
}
