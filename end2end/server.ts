// A server of the tests' own: a data folder and a port for itself, ended with everything in it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Running {
  url: string;
  /** Key of the demo application, for what the hospital's systems do. */
  key: string;
  /** Runs a command of the server's on its data and answers what it prints. */
  command: (...words: string[]) => string;
  end: () => Promise<void>;
}

export async function serve(settings: Record<string, string>): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-browser-tests-'));
  const port = await freePort();
  // What the tests are told by their environment is no setting of the server.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANTEROOM_')));
  const server = spawn(path('END2END_SERVER'), ['serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...inherited,
      ANTEROOM_SERVER__LISTEN: `127.0.0.1:${port}`,
      ANTEROOM_DATA__FOLDER: folder,
      ANTEROOM_METRICS__LISTEN: '',
      ANTEROOM_LOG__FILTER: 'warn',
      // All tests come from one address.
      ANTEROOM_LIMITS__ADDRESS_PER_MINUTE: '0',
      ANTEROOM_LIMITS__CODE_TRIES: '0',
      ...settings,
    },
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await ready(server, `${url}/readyz`);
  const environment = { ...inherited, ANTEROOM_DATA__FOLDER: folder };
  const command = (...words: string[]) => execFileSync(path('END2END_SERVER'), words, { env: environment, encoding: 'utf8' }).trim();
  return {
    url,
    key: command('key', '--application', 'demo'),
    command,
    end: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function path(name: string): string {
  const found = process.env[name];
  if (!found) throw new Error(`${name} is not set: run the browser tests with \`cargo xtask test\``);
  return found;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port is free'))));
    });
  });
}

export async function ready(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended at once (${server.exitCode})`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server was not ready after 30 s');
}
