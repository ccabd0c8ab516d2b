// Starts the server once for all tests, with a data folder of its own on a port of its own, and ends both afterwards.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function start(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-browser-tests-'));
  const port = await freePort();
  const server = spawn(binary(), ['serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ANTEROOM_SERVER__LISTEN: `127.0.0.1:${port}`,
      ANTEROOM_DATA__FOLDER: folder,
      ANTEROOM_METRICS__LISTEN: '',
      ANTEROOM_LOG__FILTER: 'warn',
      // All tests come from one address.
      ANTEROOM_LIMITS__ADDRESS_PER_MINUTE: '0',
    },
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  // The tests' processes inherit it.
  process.env.ANTEROOM_URL = `http://127.0.0.1:${port}`;
  await ready(server, process.env.ANTEROOM_URL);
  return async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}

function binary(): string {
  const path = process.env.END2END_SERVER;
  if (!path) throw new Error('END2END_SERVER is not set: run the browser tests with `cargo xtask test`');
  return path;
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
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server was not ready after 30 s');
}
