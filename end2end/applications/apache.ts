import { documented } from './documented';
import { Housed } from './housed';

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'alias', 'headers', 'proxy', 'proxy_http', 'auth_openidc'];

interface Ends {
  port: number;
  issuer: string;
  secret: string;
  upstream: number;
}

/** Debian's Apache with the documented block, before an application. It runs by itself: no file of the machine's own Apache is read. */
export async function startApache({ port, issuer, secret, upstream }: Ends): Promise<Housed> {
  const [block = ''] = await documented('integrate.md', 'Apache, with mod_auth_openidc', 'apache', {
    'https://sign-up.example.com': issuer,
    'https://shop.example.com': `http://127.0.0.1:${port}`,
    'the-secret': secret,
    'the-passphrase': 'only-of-this-test',
  });
  const loads = MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
  const process = `
    ServerRoot FOLDER
    DefaultRuntimeDir FOLDER
    PidFile FOLDER/pid
    ServerName 127.0.0.1:${port}
    Listen 127.0.0.1:${port}
    User www-data
    Group www-data
    ErrorLog "|/bin/cat"
    LogLevel warn auth_openidc:debug
    ProxyPass / http://127.0.0.1:${upstream}/`;
  const files = { 'apache.conf': [...loads, process, block].join('\n') };
  return Housed.start(port, files, (folder) => ({
    program: '/usr/sbin/apache2',
    args: ['-f', `${folder}/apache.conf`, '-DFOREGROUND'],
    env: {},
  }));
}
