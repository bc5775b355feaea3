// Signs up at a container that runs.
// usage: node .ci/image.mjs CONTAINER
import { signUp, visit } from './sign_up.mjs';
import { withServer } from './server.mjs';

const [container] = process.argv.slice(2);

/** As the image says, but for a port of this test. */
const command = ({ LEPTOS_SITE_ADDR, PUBLIC_ORIGIN, METRICS_ADDR, ADMIN_ADDR }) => [
  ...['buildah', 'run', '--env', `LEPTOS_SITE_ADDR=${LEPTOS_SITE_ADDR}`, '--env', `PUBLIC_ORIGIN=${PUBLIC_ORIGIN}`],
  ...['--env', `METRICS_ADDR=${METRICS_ADDR}`, '--env', `ADMIN_ADDR=${ADMIN_ADDR}`],
  ...[container, '/usr/bin/beonho'],
];

await withServer(async (origin) => {
  await visit(origin);
  await signUp(origin, '010-1111-0001');
  console.log('the image serves the page, and a person signed up');
}, { BUILDAH_ISOLATION: 'chroot', STORAGE_DRIVER: 'vfs' }, command);
