import type { LengthType } from '../framing/length-field';

/** Bytes: text with escapes, or one way to write them. */
export type BytesDefinition = string | Uint8Array | BytesKeys;

/** The ways to write bytes; exactly one of them. */
export interface BytesKeys {
  readonly text?: string;
  /** Text and CR LF. */
  readonly line?: string;
  readonly hex?: string;
  readonly base64?: string;
  readonly file?: string;
  readonly repeat?: { readonly of: BytesDefinition; readonly size: number | string };
  /** So many bytes of the world's chance. */
  readonly random?: number | string;
  readonly concat?: readonly BytesDefinition[];
  readonly fields?: readonly FieldDefinition[];
  /** Whether `${name}` is a value; default: when there is one. */
  readonly template?: boolean;
}

/** How a number stands in bytes. */
export type FieldType = LengthType | 'i8' | 'i16be' | 'i16le' | 'i32be' | 'i32le' | FieldTypeRest;
type FieldTypeRest = 'f32be' | 'f32le' | 'f64be' | 'f64le' | 'ascii-dec' | 'ascii-hex';

/** One field of a message. */
export interface FieldDefinition {
  readonly name?: string;
  readonly type: FieldType | 'bytes';
  readonly value?: unknown;
  /** The value is the length of the field of that name. */
  readonly lengthOf?: string;
  /** Bytes of a `bytes`, digits of an `ascii-dec` or `ascii-hex`. */
  readonly length?: number | string;
  /** The value is a checksum over the field named by `over`, by default over all fields before. */
  readonly crc?: Checksum;
  readonly over?: string;
}

/** A checksum of a message. */
export type Checksum = 'crc16-modbus' | 'crc16-ccitt' | 'crc32' | 'sum8' | 'xor8';
