// Signs up at the release, and gives what it tells then to `promtool check metrics`.
import { execFileSync } from 'node:child_process';
import { freePort, withServer } from './server.mjs';
import { signUp } from './sign_up.mjs';

const address = `127.0.0.1:${await freePort()}`;

await withServer(async (origin) => {
  await signUp(origin, '010-1111-0001');
  const scrape = await (await fetch(`http://${address}/metrics`)).text();
  for (const series of ['beonho_sends_total{', 'beonho_verifications_total{', 'http_requests_total{route="/v1/verification"']) {
    if (!scrape.includes(`\n${series}`)) throw new Error(`${series} is not told:\n${scrape}`);
  }
  execFileSync('promtool', ['check', 'metrics'], { input: scrape, stdio: ['pipe', 'inherit', 'inherit'] });
  console.log(`promtool found nothing wrong in ${scrape.split('\n').length} lines`);
}, { METRICS_ADDR: address });
