import { configError } from '../base/errors';
import {
  readCount,
  readObject,
  readOneOf,
  readText,
  refuseUnknownKeys,
} from '../base/option-reader';
import { linkOptionKeys, readLinkOptions, readTape } from './link-settings';
import type { Plan, PlannedCut, PlannedHost, PlannedLink, PlannedTape } from './plan';
import { readFault } from './plan-fault-reader';
import { readSkew } from './topology';

const planKeys = ['$schema', 'v', 'seed', 'epoch', 'hosts', 'links', 'cuts', 'faults', 'tape'];

/**
 * Reads a plan and refuses what is wrong with the path of it.
 *
 * @param value - a plan, or what came out of `JSON.parse`
 * @throws TcpError `ECONFIG` - `plan.links[0].latncy: unknown key (did you mean "latency"?)`
 */
export function readPlan(value: unknown): Plan {
  const plan = readObject('plan', value) as unknown as Plan;
  refuseUnknownKeys('plan', plan, planKeys);
  if ('$schema' in plan) readText('plan.$schema', plan.$schema);
  if (plan.v !== 1) throw configError('plan.v', '1, the version of the format', plan.v);
  if (plan.seed !== undefined && !Number.isSafeInteger(plan.seed)) {
    throw configError('plan.seed', 'a whole number', plan.seed);
  }
  if (plan.epoch !== undefined) readEpoch('plan.epoch', plan.epoch);
  const hosts = plan.hosts === undefined ? {} : readObject('plan.hosts', plan.hosts);
  for (const [name, host] of Object.entries(hosts)) readHost(`plan.hosts.${name}`, host);
  readEach('plan.links', plan.links, readLink);
  readEach('plan.cuts', plan.cuts, readCut);
  readEach('plan.faults', plan.faults, readFault);
  if (plan.tape !== undefined) readTapes(plan.tape);
  return plan;
}

/**
 * Reads a plan from JSON text.
 *
 * @throws TcpError `ECONFIG` - no JSON, or no plan
 */
export function parsePlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw configError('plan', `JSON (${(error as Error).message})`, text);
  }
  return readPlan(value);
}

/** A plan as JSON on one line, for a report. */
export function printPlan(plan: Plan): string {
  return JSON.stringify(plan);
}

/** Milliseconds since 1970 of a date and time with its zone. @throws TcpError `ECONFIG` */
export function readEpoch(field: string, value: unknown): number {
  const text = readText(field, value);
  const ms = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw configError(field, 'a date and time such as 2023-11-14T22:13:20Z', value);
  return ms;
}

function readEach(
  field: string,
  value: unknown,
  read: (field: string, entry: unknown) => unknown,
): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw configError(field, 'an array', value);
  for (const [index, entry] of value.entries()) read(`${field}[${index}]`, entry);
}

function readHost(field: string, value: unknown): void {
  const host = readObject(field, value) as PlannedHost;
  refuseUnknownKeys(field, host, ['addresses', 'skew']);
  readEach(`${field}.addresses`, host.addresses, readText);
  if (host.skew !== undefined) readSkew(`${field}.skew`, host.skew);
}

function readLink(field: string, value: unknown): void {
  const { from, to, ...options } = readObject(field, value) as unknown as PlannedLink;
  readText(`${field}.from`, from);
  readText(`${field}.to`, to);
  refuseUnknownKeys(field, options, [...linkOptionKeys, 'from', 'to']);
  readLinkOptions(field, options);
}

/** Checks a cut. @throws TcpError `ECONFIG` */
export function readCut(field: string, value: unknown): void {
  const cut = readObject(field, value) as unknown as PlannedCut;
  refuseUnknownKeys(field, cut, ['connection', 'direction', 'unit', 'offset', 'at']);
  readCount(`${field}.connection`, cut.connection, 1);
  readOneOf(`${field}.direction`, cut.direction, ['out', 'in']);
  if (cut.at !== undefined) readCount(`${field}.at`, cut.at);
  if (cut.unit !== undefined) readCount(`${field}.unit`, cut.unit);
  if (cut.offset !== undefined && !Number.isSafeInteger(cut.offset)) {
    throw configError(`${field}.offset`, 'a whole number', cut.offset);
  }
}

function readTapes(value: unknown): void {
  const tape = readObject('plan.tape', value) as PlannedTape;
  refuseUnknownKeys('plan.tape', tape, ['latency', 'tieBreak']);
  if (tape.latency !== undefined) readTape('plan.tape.latency', tape.latency);
  if (tape.tieBreak !== undefined) readTape('plan.tape.tieBreak', tape.tieBreak);
}
