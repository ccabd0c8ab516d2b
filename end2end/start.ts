// Starts two servers once for all tests, one without a model and one with a friendly scripted one, and ends both afterwards.
import { spawn } from 'node:child_process';
import { freePort, path, ready, serve, type Running } from './server.ts';

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

/** The scripted upstream with its friendly answers, quicker than a model. */
async function friendly(): Promise<Pick<Running, 'url' | 'end'>> {
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
