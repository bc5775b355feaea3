// Installs the Debian package into a fresh Debian, signs up there, upgrades it over itself, removes and purges it.
// usage: node .ci/package.mjs PACKAGE
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { signUp, stateOf, visit } from './sign_up.mjs';
import { withServer } from './server.mjs';

const DATA = '/var/lib/beonho';
const ENV = '/etc/beonho.env';
const [file] = process.argv.slice(2);
const system = mkdtempSync(join(tmpdir(), 'debian-'));
const inside = (path) => join(system, path);
const run = (...words) => execFileSync('chroot', [system, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const dpkg = (...words) => run('env', 'DEBIAN_FRONTEND=noninteractive', 'dpkg', ...words);

function expect(is, what) {
  if (!is) throw new Error(`not so: ${what}`);
  console.log(what);
}

/** What a service manager reads of the unit. */
function unit() {
  const text = readFileSync(inside('/lib/systemd/system/beonho.service'), 'utf8');
  const all = (name) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value);
  return { user: all('User')[0], program: all('ExecStart')[0], reload: all('ExecReload')[0], environment: all('Environment'), file: all('EnvironmentFile')[0] };
}

/** Runs `act` while the installed program serves as its own user, started as the unit says but with a port of this test. */
function whileItServes(act) {
  const { user, program, environment, file } = unit();
  const lines = readFileSync(inside(file), 'utf8').split('\n');
  const settings = [...environment, ...lines.filter((line) => /^\w+=/.test(line))];
  return withServer(act, {}, ({ LEPTOS_SITE_ADDR, PUBLIC_ORIGIN, METRICS_ADDR, ADMIN_ADDR }) => [
    ...['chroot', `--userspec=${user}`, system, 'env', '-i', `LEPTOS_SITE_ADDR=${LEPTOS_SITE_ADDR}`, `PUBLIC_ORIGIN=${PUBLIC_ORIGIN}`],
    ...[`METRICS_ADDR=${METRICS_ADDR}`, `ADMIN_ADDR=${ADMIN_ADDR}`, ...settings, program],
  ]);
}

/** Has the settings read again, as a service manager would. The name of the process is the same inside. */
function reload(pid) {
  const { user, reload } = unit();
  execFileSync('chroot', [`--userspec=${user}`, system, 'env', '-i', `MAINPID=${pid}`, '/bin/sh', '-c', reload], { stdio: 'inherit' });
}

function install() {
  execFileSync('mmdebstrap', ['--quiet', '--variant=apt', '--include=ca-certificates,systemd', codename(), system], { stdio: 'inherit' });
  cpSync(file, inside(basename(file)));
  dpkg('--install', `/${basename(file)}`);
  const owner = run('getent', 'passwd', 'beonho').split(':')[2];
  expect(Number(owner) > 0, 'it is installed and has a user of its own');
  run('systemd-analyze', 'verify', '/lib/systemd/system/beonho.service');
  expect((statSync(inside(ENV)).mode & 0o777) === 0o600, 'systemd understands the unit, and only root reads the settings');
  // By hand, since no systemd runs here.
  run('install', '--directory', '--owner=beonho', '--mode=700', DATA);
}

const codename = () => /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))[1];

try {
  install();
  writeFileSync(inside(ENV), `${readFileSync(inside(ENV), 'utf8')}\nBRAND=Hanok\n`);
  const cookie = await whileItServes(async (origin, pid) => {
    expect((await visit(origin)).includes('Hanok'), 'it serves the page as its settings say, and every file of it');
    reload(pid);
    expect((await visit(origin)).includes('Hanok'), 'it reads its files again when it is told to, and goes on');
    return signUp(origin, '010-1111-0001');
  });
  dpkg('--install', `/${basename(file)}`);
  expect(readFileSync(inside(ENV), 'utf8').includes('BRAND=Hanok'), 'an upgrade keeps the settings');
  await whileItServes(async (origin) => expect((await stateOf(origin, cookie)) === 'signed_up', 'and whoever signed up'));
  dpkg('--remove', 'beonho');
  expect(!existsSync(inside('/usr/bin/beonho')) && existsSync(inside(ENV)), 'removed, it leaves the settings');
  dpkg('--purge', 'beonho');
  expect(!existsSync(inside(ENV)) && existsSync(inside(`${DATA}/beonho.db`)), 'purged, it leaves the data');
} finally {
  rmSync(system, { recursive: true, force: true });
}
