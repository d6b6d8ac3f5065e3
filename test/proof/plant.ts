import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, linesOf, runCommand, startCommand, stop, temporaryFolder, type Running } from './gateway.ts';
import { numberIn, objectIn, textIn } from './shapes.ts';

/** A sandbox and a gateway that follows it, as processes of their own. */
export interface Plant {
  /** The sandbox's control API. */
  readonly controlUrl: string;
  /** With which every command of this installation is run. */
  readonly env: Readonly<Record<string, string>>;
  /** MaintainX's address, and the key of the integration user. */
  readonly url: string;
  readonly apiKey: string;
  gateway: Running | undefined;
  stop(): Promise<void>;
}

export interface PlantOptions {
  readonly seed: number;
  /** The gateway's limit, and the sandbox's unless its arguments say otherwise. */
  readonly requestsPerMinute: number;
  /** More arguments of the sandbox. */
  readonly sandbox?: readonly string[];
  /** Most memory of the sandbox, in megabytes. */
  readonly sandboxHeap?: number;
  /** Whether the gateway subscribes to webhooks. Default true. */
  readonly webhooks?: boolean;
  /** Whether the gateway runs from the start. Default true; else only commands are run. */
  readonly serves?: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts both, with nobody at work yet, and adds the plant as a tenant. */
export async function startPlant(options: PlantOptions): Promise<Plant> {
  const folder = temporaryFolder();
  const port = await freePort();
  const limit = String(options.requestsPerMinute);
  const limits = ['--requests-per-minute', limit, '--organisation-requests-per-minute', '0'];
  const seed = ['--seed', String(options.seed)];
  const heap = options.sandboxHeap === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${options.sandboxHeap}` };
  const more = options.sandbox ?? [];
  const sandbox = await startCommand(['sandbox', '--port', '0', '--rate', '0', ...seed, ...limits, ...more], heap);
  const told = objectIn(sandbox.said);
  const env = {
    MILLWRIGHT_DATA_DIR: join(folder.path, 'data'),
    MAINTAINX_BASE_URL: textIn(told, 'url'),
    PORT: String(port),
    ...(options.webhooks === false ? {} : { MILLWRIGHT_PUBLIC_URL: `http://127.0.0.1:${port}` }),
    MILLWRIGHT_REQUESTS_PER_MINUTE: limit,
    ...options.env,
  };
  const plant: Plant = {
    controlUrl: textIn(told, 'controlUrl'),
    env,
    url: textIn(told, 'url'),
    apiKey: textIn(told, 'apiKey'),
    gateway: options.serves === false ? undefined : await startCommand(['start'], env),
    stop: async () => {
      if (plant.gateway !== undefined) await stop(plant.gateway, 'SIGTERM');
      await stop(sandbox, 'SIGTERM');
      folder.remove();
    },
  };
  const keyFile = join(folder.path, 'key');
  writeFileSync(keyFile, textIn(told, 'apiKey'));
  await runCommand(['tenant', 'add', '--name', 'plant', '--api-key-file', keyFile], env);
  return plant;
}

/** Ids of all living records of a kind, as the sandbox tells them. */
export async function idsOf(controlUrl: string, kind: string, organization?: number): Promise<readonly number[]> {
  const of = organization === undefined ? '' : `&organization=${organization}`;
  const text = await (await fetch(`${controlUrl}/ids?kind=${kind}${of}`)).text();
  return linesOf(text).map((line) => numberIn(objectIn(line), 'id'));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
