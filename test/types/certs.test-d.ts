/** What the types of certificates accept and refuse. */
import { expectTypeOf } from 'expect-type';
import { Authority, type Certificate, type PresetName, readPkcs12 } from '../../src/certs';
import type { World } from '../../src/network/world';
import { ballerina, type ClientSecureSocket, type ListenerSecureSocket } from '../../src/tcp';

declare const ca: Authority;
declare const leaf: Certificate;
declare const world: World;

// An authority is made, or read.
// @ts-expect-error there is no public constructor
new Authority();
expectTypeOf(Authority.create()).toEqualTypeOf<Promise<Authority>>();

// Names alone, or options; never both.
expectTypeOf(ca.issue('localhost', '::1')).toEqualTypeOf<Promise<Certificate>>();
expectTypeOf(ca.issue({ names: ['localhost'], preset: 'expired' })).toEqualTypeOf<
  Promise<Certificate>
>();
// @ts-expect-error presets are a closed list
void ca.issue({ names: ['localhost'], preset: 'bad' });
// @ts-expect-error options come alone
void ca.issue({ names: ['localhost'] }, 'other.test');

// What an authority gives fits where it is needed.
expectTypeOf(leaf).toExtend<ListenerSecureSocket['key']>();
expectTypeOf(leaf).toExtend<NonNullable<ClientSecureSocket['key']>>();
expectTypeOf(ca.trust()).toExtend<NonNullable<ClientSecureSocket['cert']>>();
expectTypeOf(ca.crl()).resolves.toExtend<NonNullable<ClientSecureSocket['crl']>>();
expectTypeOf(leaf.preset).toEqualTypeOf<PresetName>();

// Files go into a folder, or belong to a scope.
void leaf.writeTo('/tmp/here', 'web');
void leaf.writeTo(world.scope);
// @ts-expect-error a world is no folder
void leaf.writeTo(world);

expectTypeOf(readPkcs12(Buffer.alloc(0), 'secret')).resolves.toHaveProperty('trusted');

// Ballerina has no client certificates and no names for TLS.
// @ts-expect-error seconds are numbers
ballerina({ secureSocket: { handshakeTimeout: '10s' } });
// @ts-expect-error the connector there has no such field
ballerina({ secureSocket: { servername: 'x' } });
// @ts-expect-error a listener needs a key
ballerina.listener({ secureSocket: {} });
