import type { Socket } from 'node:net';
import {
  ConnectionFacts,
  type ConnectionHome,
  type ConnectionOrigin,
  type RealConnection,
} from './connection-facts';
import * as members from './connection-members';
import { watch } from './taps';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Makes a connection of a socket: the `net.Socket` itself, with the members of the contract.
 *
 * Node makes accepted sockets by itself, so there can be no class. The members are set on the
 * socket, always in the same order; a prototype of our own, set afterwards, would cost every
 * accepted connection a tenth of its life.
 */
export function equip(
  socket: Socket,
  home: ConnectionHome,
  origin: ConnectionOrigin,
): RealConnection {
  const connection = socket as Writable<RealConnection>;
  const facts = new ConnectionFacts(connection, home, origin);
  connection.facts = facts;
  connection.id = origin.id;
  connection.label = origin.label;
  connection.local = origin.local;
  connection.remote = origin.remote;
  connection.halfClose = members.halfClose;
  connection.info = members.info;
  connection.lendTo = members.lendTo;
  connection.resetAndDestroy = members.resetAndDestroy as () => typeof connection;
  connection.push = members.push;
  connection._write = members._write;
  connection._writev = members._writev;
  connection._final = members._final;
  connection._destroy = members._destroy;
  if (home.trace.active) watch(connection);
  connection.once('close', leaveHome);
  home.open.add(connection);
  home.scope.own(facts, origin.label);
  return connection;
}

function leaveHome(this: RealConnection): void {
  const { facts } = this;
  const { home } = facts;
  facts.closed = true;
  facts.lent?.giveBack();
  home.open.delete(this);
  home.scope.release(facts);
  home.left(this);
}
