import { resolve } from 'node:path';
import { readConfigFile } from './config-file';
import type { Terminal } from './print';
import { readProxyConfig } from './proxy-config';

/** The body of `/populate` that a file stands for. @throws CommandFailure 2 */
export function readProxyList({ folder }: Terminal, name: string): unknown {
  const file = readConfigFile(resolve(folder, name), name);
  // A bare list is what the API takes; it judges that by its own rules.
  if (Array.isArray(file.data)) return file.data;
  return readProxyConfig(file).proxies.map(({ options }) => options);
}
