import type { ConnectionService } from '../../src/tcp/service';

/** A service in a class of its own, with what such classes have beside their handlers. */
export class EchoService implements ConnectionService {
  chunks = 0;

  onBytes(data: Uint8Array): Uint8Array {
    this.count();
    return data;
  }

  onClose(): void {
    this.chunks = 0;
  }

  protected count(): void {
    this.chunks++;
  }
}
