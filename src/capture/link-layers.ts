/**
 * From what a link carries to the IP packet in it.
 *
 * @source https://www.tcpdump.org/linktypes.html
 */

/** Link types that are read, and how people call them. */
const readable: ReadonlyMap<number, string> = new Map([
  [0, 'NULL'],
  [1, 'Ethernet'],
  [12, 'raw IP'],
  [14, 'raw IP'],
  [101, 'raw IP'],
  [108, 'LOOP'],
  [113, 'Linux cooked'],
  [228, 'raw IPv4'],
  [229, 'raw IPv6'],
  [276, 'Linux cooked v2'],
]);

/** Of those that are not read, the ones that people meet. */
const unread: ReadonlyMap<number, string> = new Map([
  [9, 'PPP'],
  [105, '802.11'],
  [119, 'Prism'],
  [127, '802.11 radiotap'],
  [147, 'user 0'],
  [187, 'Bluetooth'],
  [189, 'USB'],
  [220, 'USB'],
  [252, 'upper PDU'],
  [253, 'netlink'],
]);

const ethernetTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;
/** Tags of VLANs stand in front of the type. */
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);

/** Whether packets of a link type can be read. */
export function isReadable(linkType: number): boolean {
  return readable.has(linkType);
}

/** Why packets of a link type cannot be read. */
export function unreadableText(linkType: number): string {
  const name = unread.get(linkType);
  const known = [...new Set(readable.values())].join(', ');
  const type = name === undefined ? `${linkType}` : `${linkType} (${name})`;
  return `link type ${type} is not supported; supported: ${known}`;
}

/** Where the IP packet begins in what a link carries; -1 when it carries none. */
export function ipStart(linkType: number, bytes: Uint8Array): number {
  switch (linkType) {
    case 1:
      return behindType(bytes, 12);
    case 0:
    case 108:
      return behindFamily(bytes);
    case 113:
      return behindType(bytes, 14);
    case 276:
      return behindCookedV2(bytes);
    default:
      return isIp(bytes, 0) ? 0 : -1;
  }
}

/** An EtherType, with up to two VLAN tags in front of it. */
function behindType(bytes: Uint8Array, typeAt: number): number {
  let at = typeAt;
  for (let tags = 0; tags < 2 && vlanTypes.has(word(bytes, at)); tags++) at += 4;
  return startOf(bytes, word(bytes, at), at + 2);
}

function behindCookedV2(bytes: Uint8Array): number {
  return startOf(bytes, word(bytes, 0), 20);
}

function startOf(bytes: Uint8Array, type: number, at: number): number {
  const isKnown = type === ethernetTypes.ipv4 || type === ethernetTypes.ipv6;
  return isKnown && isIp(bytes, at) ? at : -1;
}

/** Four bytes with a family, in the order of whatever machine wrote them: the packet itself is looked at. */
function behindFamily(bytes: Uint8Array): number {
  const isFamily =
    (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0) || (bytes[2] === 0 && bytes[3] === 0);
  return isFamily && isIp(bytes, 4) ? 4 : -1;
}

function isIp(bytes: Uint8Array, at: number): boolean {
  const version = (bytes[at] ?? 0) >> 4;
  return version === 4 || version === 6;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
