import { crlf } from '../../src/framing/index';
import { type Caller, type ConnectionService, framed, type Service } from '../../src/index';

/** A chat over lines: greets, counts messages, tells every one to everybody who is there. */
export function chatService(): Service {
  const everybody = new Map<string, Caller>();
  let count = 0;

  return {
    async onConnect(caller: Caller): Promise<ConnectionService> {
      await caller.writeBytes(Buffer.from('Welcome!,\r\nSend your first message: \r\n'));
      everybody.set(caller.id, caller);

      return framed(crlf(), {
        async onFrame(line): Promise<void> {
          if (line.length === 0) return;
          count += 1;
          const text = `Message #${count}: ${Buffer.from(line)}\r\nNew message:\r\n`;
          for (const other of everybody.values()) await other.writeBytes(Buffer.from(text));
        },
        onClose(info): void {
          everybody.delete(info.connectionId);
        },
      });
    },
  };
}
