import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, runCommand, startCommand, stop, temporaryFolder, type Running } from './gateway.ts';
import { objectIn, textIn } from './shapes.ts';

/** A sandbox and a gateway that follows it, as processes of their own. */
export interface Plant {
  /** The sandbox's control API. */
  readonly controlUrl: string;
  /** With which every command of this installation is run. */
  readonly env: Readonly<Record<string, string>>;
  gateway: Running;
  stop(): Promise<void>;
}

export interface PlantOptions {
  readonly seed: number;
  /** The sandbox's limit a user and the gateway's share of it. */
  readonly requestsPerMinute: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts both, with nobody at work yet, and adds the plant as a tenant. */
export async function startPlant(options: PlantOptions): Promise<Plant> {
  const folder = temporaryFolder();
  const port = await freePort();
  const limit = String(options.requestsPerMinute);
  const limits = ['--requests-per-minute', limit, '--organisation-requests-per-minute', '0'];
  const seed = ['--seed', String(options.seed)];
  const sandbox = await startCommand(['sandbox', '--port', '0', '--rate', '0', ...seed, ...limits], {});
  const told = objectIn(sandbox.said);
  const env = {
    MILLWRIGHT_DATA_DIR: join(folder.path, 'data'),
    MAINTAINX_BASE_URL: textIn(told, 'url'),
    PORT: String(port),
    MILLWRIGHT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    MILLWRIGHT_REQUESTS_PER_MINUTE: limit,
    ...options.env,
  };
  const plant: Plant = {
    controlUrl: textIn(told, 'controlUrl'),
    env,
    gateway: await startCommand(['start'], env),
    stop: async () => {
      await stop(plant.gateway, 'SIGTERM');
      await stop(sandbox, 'SIGTERM');
      folder.remove();
    },
  };
  const keyFile = join(folder.path, 'key');
  writeFileSync(keyFile, textIn(told, 'apiKey'));
  await runCommand(['tenant', 'add', '--name', 'plant', '--api-key-file', keyFile], env);
  return plant;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
