import { refuseUnknownKeys } from '../base/option-reader';
import type { Framer, FramerOptions } from './framer';
import { lengthField } from './length-field';
import { lengthFramer, lengthPrefix } from './length-prefix';
import { startEnd } from './start-end';

/**
 * Frames between STX (02) and ETX (03), without escapes.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @source docs/framing.md#the-framers
 */
export function stxEtx(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('stxEtx', options, ['max']);
  return startEnd(Uint8Array.of(0x02), Uint8Array.of(0x03), options);
}

/**
 * HL7 messages in MLLP blocks: VT (0B), the message, FS CR (1C 0D).
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @source docs/framing.md#the-framers
 */
export function mllp(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('mllp', options, ['max']);
  return startEnd(Uint8Array.of(0x0b), Uint8Array.of(0x1c, 0x0d), options);
}

/**
 * Modbus TCP: transaction (2 bytes), protocol (2), length (2), unit (1), function and data. Numbers
 * are big-endian; the length counts the unit and what follows.
 *
 * @returns a framer whose payload is the message without its length field, which `encode` fills in:
 *   transaction, protocol, unit, function, data
 * @throws TcpError `ECONFIG` - a bad option
 * @source https://modbus.org/docs/Modbus_Messaging_Implementation_Guide_V1_0b.pdf
 */
export function modbusTcp(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('modbusTcp', options, ['max']);
  return lengthFramer(lengthField('u16be'), {
    offset: 4,
    includes: 'payload',
    adjust: 0,
    keep: false,
    // The unit; the function may be missing in what a test wants to send.
    leastBody: 1,
    max: options.max,
  });
}

/**
 * ISO 8583 messages behind a length of two bytes, big-endian, that does not count itself.
 *
 * @throws TcpError `ECONFIG` - a bad option
 * @remarks The standard leaves the length to the two sides. Where it is in digits, take
 * `asciiLength(4)`; where it counts itself, `lengthPrefix('u16be', { includes: 'prefix' })`.
 * @source docs/framing.md#the-framers
 */
export function iso8583(options: FramerOptions = {}): Framer {
  refuseUnknownKeys('iso8583', options, ['max']);
  return lengthPrefix('u16be', options);
}
