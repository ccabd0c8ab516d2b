// The page in a frame: on the hosts an application allows, and on no other.
import { createServer, type Server } from 'node:http';
import { expect, test } from './patient.ts';

let hosts: Server;
let port: number;

// One tiny server, reached as two hosts: browsers lead every name below `localhost` to this machine.
test.beforeAll(async () => {
  hosts = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>A hospital's page</title><h1>Host</h1>
      <iframe title="Anteroom" width="380" height="640" src="${process.env.ANTEROOM_URL}/embed/demo"></iframe></html>`);
  });
  await new Promise<void>((resolve) => hosts.listen(0, '127.0.0.1', resolve));
  const address = hosts.address();
  port = address && typeof address === 'object' ? address.port : 0;
});

test.afterAll(async () => {
  await new Promise((resolve) => hosts.close(resolve));
});

test('an allowed host frames the page, and a visit works in it', async ({ page, patient }) => {
  await page.goto(`http://a.localhost:${port}/`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('link', { name: patient.word('arrival.start'), exact: true }).click();
  await frame.getByRole('radio', { name: patient.word('consent.me'), exact: true }).check({ force: true });
  await frame.getByRole('button', { name: patient.word('consent.agree'), exact: true }).click();
  await frame.getByRole('button', { name: patient.word('who.skip'), exact: true }).click();
  await expect(frame.getByRole('textbox', { name: patient.word('composer.label') })).toBeVisible();
});

test('another host is refused', async ({ page }) => {
  const refused = new Promise<string>((resolve) => {
    page.on('console', (message) => {
      if (message.text().includes('frame-ancestors')) resolve(message.text());
    });
  });
  await page.goto(`http://b.localhost:${port}/`);
  expect(await refused).toContain('frame-ancestors');
  await expect(page.frameLocator('iframe').getByRole('main')).toHaveCount(0);
});

test('the full page lets nobody frame it', async ({ page, request }) => {
  const answer = await request.get('/a/demo');
  expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  const embedded = await request.get('/embed/demo');
  expect(embedded.headers()['content-security-policy']).toContain('http://a.localhost:*');
  expect(embedded.headers()['content-security-policy']).not.toContain('b.localhost');
  await page.goto('/a/demo');
});
