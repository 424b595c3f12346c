/** Placeholders of sentences about proxies and faults. */
import { entity, entityParameters } from './entity-parameters';
import type { ParameterRow, ParameterRows } from './parameter-type';
import { plainDecimal, readPercentage } from './percentage-words';
import { percentage } from './token-sources';

const servers: Readonly<Record<'listener' | 'mock', ParameterRow<'server'>>> = {
  listener: entityParameters.listener,
  mock: entity('mock', 'mail'),
};

export const proxyParameters: ParameterRows<'proxy' | 'server' | 'percentage'> = {
  proxy: entity('proxy', 'flaky'),
  server: {
    regexps: [...servers.listener.regexps, ...servers.mock.regexps],
    examples: ['listener "echo"', 'mock "mail"'],
    description: 'a listener or a mock',
    read: (token, sources) =>
      servers[token.startsWith('listener') ? 'listener' : 'mock'].read(token, sources),
    print: (server) => servers[server.kind === 'listener' ? 'listener' : 'mock'].print(server),
  },
  percentage: {
    regexps: [percentage],
    examples: ['10%', '2.5 %'],
    description: 'a share, up to 100 %',
    read: readPercentage,
    print: (share) => `${plainDecimal(share * 100)}%`,
  },
};
