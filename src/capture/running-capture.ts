import { stat } from 'node:fs/promises';
import type { TcpError } from '../base/errors';
import type { Owned } from '../network/scope';
import type { Trace } from '../network/trace';
import type { World } from '../network/world';
import { fileError } from './capture-errors';
import { secretsRefused } from './capture-options';
import type { CaptureOutput } from './capture-output';
import type { CapturePipeline } from './capture-pipeline';
import { HandshakeHold, type HoldLimits } from './handshake-hold';
import { putSecretsFirst, rewritableBytes } from './late-secrets';
import type { Recorder, RunSoFar } from './recorder';

/** What a capture has written so far. */
export interface CaptureCounters {
  readonly packets: number;
  readonly bytes: { readonly out: number; readonly in: number };
  readonly connections: number;
  /** Packets whose payload was left out, because the disk was too slow. */
  readonly dropped: number;
  /** Lines of the key log that came behind the records they open. */
  readonly lateSecrets: number;
  readonly fileBytes: number;
  readonly files: number;
}

/** What a capture was, once it is closed. */
export interface CaptureSummary extends CaptureCounters {
  /** The files that were kept. */
  readonly paths: readonly string[];
  readonly warnings: readonly string[];
}

/** A capture that goes on. */
export interface Capture extends AsyncDisposable {
  readonly path: string;
  /** As of the last flush. */
  readonly counters: CaptureCounters;
  /** Puts a mark into the trace, and so into this capture, the wire log and the timeline. */
  mark(text: string): void;
  /** Says on the next packet which step of a scenario has begun. */
  step(text: string): void;
  /**
   * Writes the key log of TLS connections from now on, as the option `secrets` does from the start.
   *
   * @throws TcpError `ECONFIG` - the capture is redacted
   */
  includeSecrets(): Promise<void>;
  /** Resolves when everything so far is in the file, for every reader. */
  flush(): Promise<void>;
  /**
   * Ends the capture; may be called twice.
   *
   * @throws TcpError `ECAPTUREFILE` - the file could not be written to its end; what it holds is whole
   */
  close(): Promise<CaptureSummary>;
}

/** What a running capture is made of. */
export interface RunningParts {
  readonly world: World;
  readonly path: string;
  readonly output: CaptureOutput;
  readonly pipeline: CapturePipeline;
  readonly recorder: Recorder;
  readonly warnings: Set<string>;
  /** How packets wait for secrets that are asked for later. */
  readonly hold: HoldLimits;
  readonly isRedacted: boolean;
}

const nowhere = { connection: '', from: '', to: '', direction: '-' } as const;

/** A capture from its first event to its summary. */
export class RunningCapture implements Capture, Owned {
  readonly kind = 'recorder';
  readonly path: string;
  readonly #parts: RunningParts;
  readonly #trace: Trace;
  readonly #scope: World['scope'];
  #unsubscribe: () => void = () => undefined;
  #failure: TcpError | undefined;
  #closing: Promise<CaptureSummary> | undefined;
  /** Bytes of secrets that were put in front at the end. */
  #grown = 0;

  constructor(parts: RunningParts) {
    this.path = parts.path;
    this.#parts = parts;
    this.#trace = parts.world.trace;
    this.#scope = parts.world.scope.current();
  }

  get counters(): CaptureCounters {
    const { output, pipeline, recorder } = this.#parts;
    const { packets, bytes, connections, dropped } = pipeline.writer.counts;
    return {
      packets,
      bytes: { ...bytes },
      connections,
      dropped,
      lateSecrets: recorder.lateSecrets.length,
      fileBytes: pipeline.writer.totalBytes + this.#grown,
      files: output.paths.length,
    };
  }

  /**
   * Writes the head of the file, and listens from here on. Of what was before it learns what is
   * open, or writes it too.
   */
  async start(before?: () => RunSoFar): Promise<void> {
    const { pipeline, output, recorder } = this.#parts;
    pipeline.writer.begin();
    pipeline.writer.flush();
    await output.flush();
    if (this.#failure !== undefined) {
      await output.close();
      throw this.#failure;
    }
    if (before === undefined) pipeline.prime(this.#trace.events);
    else recorder.recall(before());
    this.#unsubscribe = this.#trace.subscribe((event) => recorder.see(event));
    this.#scope.own(this, `capture ${this.path}`);
  }

  mark(text: string): void {
    if (this.#closing === undefined) {
      this.#trace.add({ ...nowhere, kind: 'note', detail: { mark: text } });
    }
  }

  step(text: string): void {
    this.#parts.recorder.step(text);
  }

  async includeSecrets(): Promise<void> {
    const { recorder, output, hold, isRedacted } = this.#parts;
    if (isRedacted) throw secretsRefused();
    output.protect();
    recorder.takeSecrets(new HandshakeHold(hold));
    await output.flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  async flush(): Promise<void> {
    this.#parts.recorder.drain();
    await this.#parts.output.flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): Promise<CaptureSummary> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Ends it with its scope; that it failed is in the trace. */
  async dispose(): Promise<void> {
    await this.close().catch(() => undefined);
  }

  describe(): string {
    return `capture ${this.path}`;
  }

  /** Stops, and says so in the trace. */
  fail(error: TcpError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#parts.recorder.stop();
    this.#unsubscribe();
    const detail = { capture: this.path, stopped: error.message };
    this.#trace.add({ ...nowhere, kind: 'note', detail });
  }

  async #close(): Promise<CaptureSummary> {
    const { world, output, pipeline, recorder, warnings } = this.#parts;
    this.#unsubscribe();
    if (this.#failure === undefined) {
      recorder.drainAll();
      const late = recorder.lateSecrets.length;
      if (late > 0 && pipeline.writer.fileBytes > rewritableBytes) {
        pipeline.mark(world.clock.now(), `secrets late: ${late}`);
      }
      pipeline.finish(world.clock.now());
    }
    recorder.stop();
    await output.close();
    await this.#rewrite();
    this.#scope.release(this);
    if (this.#failure !== undefined) throw this.#failure;
    const { counters } = this;
    const { dropped } = counters;
    if (dropped > 0) {
      warnings.add(`${dropped} packets without their payload: the disk was too slow`);
    }
    return { ...counters, paths: [...output.paths], warnings: [...warnings] };
  }

  /** Secrets that came late are put in front of what they open. */
  async #rewrite(): Promise<void> {
    const { output, pipeline, recorder } = this.#parts;
    if (recorder.lateSecrets.length === 0 || this.#failure !== undefined) return;
    for (const path of output.paths) {
      try {
        if ((await stat(path)).size > rewritableBytes) continue;
        this.#grown += await putSecretsFirst(path, pipeline.writer.headBytes, recorder.lateSecrets);
      } catch (cause) {
        this.fail(fileError('write capture', path, 'write', cause));
      }
    }
  }
}
