import { join } from 'node:path';
import type { DriverCase } from './driver-case';
import * as http from './http-case';
import * as ioredis from './ioredis-case';
import * as mqtt from './mqtt-case';
import * as mysql2 from './mysql2-case';
import * as pg from './pg-case';
import * as redis from './redis-case';
import * as undici from './undici-case';

/** Every driver that is shown, by the path of the module that shows it. */
export const allCases: ReadonlyMap<string, DriverCase> = new Map<string, DriverCase>(
  Object.entries({ ioredis, redis, pg, mysql2, mqtt, undici, http }).map(([name, shown]) => [
    join(__dirname, `${name}-case.ts`),
    shown,
  ]),
);
