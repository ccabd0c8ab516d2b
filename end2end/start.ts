// Starts two servers once for all tests, one without a model and one with a friendly scripted one, each with a data folder of its own
// on a port of its own, and ends all of it afterwards.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function start(): Promise<() => Promise<void>> {
  const upstream = await friendly();
  const plain = await serve({});
  const model = await serve({
    ANTEROOM_MODEL__INTERFACE: 'openai',
    ANTEROOM_MODEL__PROVIDER: 'Friendly',
    ANTEROOM_MODEL__NAME: 'scripted',
    ANTEROOM_MODEL__BASE_URL: `${upstream.url}/v1`,
  });
  // The tests' processes inherit it.
  process.env.ANTEROOM_URL = plain.url;
  process.env.ANTEROOM_KEY = plain.key;
  process.env.ANTEROOM_MODEL_URL = model.url;
  return async () => {
    await Promise.all([plain.end(), model.end()]);
    await upstream.end();
  };
}

interface Running {
  url: string;
  /** Key of the demo application, for what the hospital's systems do. */
  key: string;
  end: () => Promise<void>;
}

async function serve(settings: Record<string, string>): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-browser-tests-'));
  const port = await freePort();
  const server = spawn(path('END2END_SERVER'), ['serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
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
  const environment = { ...process.env, ANTEROOM_DATA__FOLDER: folder };
  const key = execFileSync(path('END2END_SERVER'), ['key', '--application', 'demo'], { env: environment, encoding: 'utf8' }).trim();
  return {
    url,
    key,
    end: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The scripted upstream with its friendly answers, quicker than a model. */
async function friendly(): Promise<Omit<Running, 'key'>> {
  const port = await freePort();
  const server = spawn(path('END2END_UPSTREAM'), ['--port', String(port), '--first-ms', '30', '--each-ms', '5', '--tokens', '20'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await ready(server, `${url}/v1/models`);
  return {
    url,
    end: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

function path(name: string): string {
  const found = process.env[name];
  if (!found) throw new Error(`${name} is not set: run the browser tests with \`cargo xtask test\``);
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port is free'))));
    });
  });
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended at once (${server.exitCode})`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server was not ready after 30 s');
}
