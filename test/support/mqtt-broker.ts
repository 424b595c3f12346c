import type { Caller } from '../../src/tcp/caller';
import type { ConnectionService } from '../../src/tcp/service';
import { inPackets } from './packets';

/**
 * An MQTT 3.1.1 broker, as far as drivers in tests ask.
 *
 * It speaks CONNECT, SUBSCRIBE and UNSUBSCRIBE to whole topics, PUBLISH with QoS 0 and 1, PINGREQ and
 * DISCONNECT. Subscribers get everything with QoS 0. No wildcards, wills, retained messages, kept
 * sessions or passwords, and it does not enforce the client's keep-alive.
 *
 * @source https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
 */
export function mqttBroker(): (caller: Caller) => ConnectionService {
  const subscribers = new Map<string, Set<Caller>>();
  return (caller) => ({
    onBytes: inPackets(sizeOf, (packet) => answer(subscribers, caller, packet)),
    onClose() {
      for (const callers of subscribers.values()) callers.delete(caller);
    },
  });
}

type Subscribers = Map<string, Set<Caller>>;

const kind = {
  connect: 1,
  publish: 3,
  subscribe: 8,
  unsubscribe: 10,
  pingRequest: 12,
  disconnect: 14,
} as const;

function answer(subscribers: Subscribers, caller: Caller, packet: Buffer): Buffer | undefined {
  const body = packet.subarray(headSize(packet) ?? 0);
  switch (packet.readUInt8(0) >> 4) {
    case kind.connect:
      return Buffer.from([0x20, 2, 0, 0]);
    case kind.subscribe: {
      const topics = topicsOf(body.subarray(2), 1);
      for (const topic of topics) {
        subscribers.set(topic, (subscribers.get(topic) ?? new Set()).add(caller));
      }
      const granted = topics.map(() => 0);
      return Buffer.from([0x90, 2 + granted.length, ...body.subarray(0, 2), ...granted]);
    }
    case kind.unsubscribe:
      for (const topic of topicsOf(body.subarray(2), 0)) subscribers.get(topic)?.delete(caller);
      return Buffer.from([0xb0, 2, ...body.subarray(0, 2)]);
    case kind.publish:
      return publish(subscribers, packet.readUInt8(0), body);
    case kind.pingRequest:
      return Buffer.from([0xd0, 0]);
    case kind.disconnect:
      void caller.close();
      return undefined;
    default:
      return undefined;
  }
}

function publish(subscribers: Subscribers, flags: number, body: Buffer): Buffer | undefined {
  const topicEnd = 2 + body.readUInt16BE(0);
  const confirmed = ((flags >> 1) & 3) === 1;
  const payloadAt = confirmed ? topicEnd + 2 : topicEnd;
  const message = Buffer.concat([body.subarray(0, topicEnd), body.subarray(payloadAt)]);
  const forwarded = Buffer.concat([Buffer.from([0x30]), lengthOf(message), message]);
  for (const subscriber of subscribers.get(body.toString('utf8', 2, topicEnd)) ?? []) {
    // A subscriber that is gone gets nothing.
    void subscriber.writeBytes(forwarded).catch(() => {});
  }
  return confirmed ? Buffer.from([0x40, 2, ...body.subarray(topicEnd, topicEnd + 2)]) : undefined;
}

/** Texts behind their length, each followed by some bytes. */
function topicsOf(bytes: Buffer, behind: number): readonly string[] {
  const topics: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    topics.push(bytes.toString('utf8', at + 2, end));
    at = end + behind;
  }
  return topics;
}

/** Bytes of the type and the remaining length, 7 bits in each byte, the lowest first. */
function headSize(bytes: Buffer): number | undefined {
  for (let at = 1; at < Math.min(bytes.length, 5); at++) {
    if (bytes.readUInt8(at) < 0x80) return at + 1;
  }
  return undefined;
}

function sizeOf(bytes: Buffer): number | undefined {
  const head = headSize(bytes);
  if (head === undefined) return undefined;
  let length = 0;
  for (let at = head - 1; at >= 1; at--) length = length * 128 + (bytes.readUInt8(at) & 0x7f);
  return head + length;
}

function lengthOf({ length }: Buffer): Buffer {
  const digits = [length % 128];
  for (let rest = length >> 7; rest > 0; rest >>= 7) {
    digits.push(rest % 128);
  }
  return Buffer.from(digits.map((digit, at) => (at < digits.length - 1 ? digit | 0x80 : digit)));
}
