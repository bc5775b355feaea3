import { certificate } from '../support/tls_proxy';
import { documented } from './documented';
import { Housed } from './housed';
import { startTraefikLike } from './traefik_like';

export interface Ends {
  /** Where browsers reach the application. */
  port: number;
  /** Where Beonho listens, past any proxy of its own. */
  beonho: number;
  upstream: number;
  /** Whether the client's scope names the phone. */
  hasPhone: boolean;
}

export interface Door {
  readonly output: string;
  close(): Promise<void>;
}

const DOCUMENT = 'forward-auth.md';
export const PROXIES = ['nginx', 'Caddy', 'Traefik'] as const;
export type Proxy = (typeof PROXIES)[number];

/** Chromium finds this machine under any such name. */
const HOST = 'app.localhost';

/** Traefik is imitated without TLS, which goes on loopback only. */
export function originOf(proxy: Proxy, port: number): string {
  return proxy === 'Traefik' ? `http://127.0.0.1:${port}` : `https://${HOST}:${port}`;
}

export function startDoor(proxy: Proxy, ends: Ends): Promise<Door> {
  return { nginx: startNginx, Caddy: startCaddy, Traefik: startTraefikLike }[proxy](ends);
}

/** What the documented blocks call the application and Beonho. */
function moved({ beonho, upstream }: Ends): Record<string, string> {
  return { '127.0.0.1:3000': `127.0.0.1:${beonho}`, '127.0.0.1:8080': `127.0.0.1:${upstream}` };
}

async function startNginx(ends: Ends): Promise<Door> {
  const own = { 'listen 443 ': `listen 127.0.0.1:${ends.port} `, 'app.example.com': HOST, '/etc/ssl/': 'FOLDER/' };
  const [block = ''] = await documented(DOCUMENT, 'nginx', 'nginx', { ...moved(ends), ...own });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path FOLDER/${name};`);
  const process = 'daemon off; master_process off; error_log stderr; pid FOLDER/pid;';
  const { key, cert } = await certificate();
  const files = {
    'nginx.conf': `${process} events {} http { access_log off; ${temporary.join(' ')}\n${block}}`,
    'app.key': key,
    'app.pem': cert,
  };
  return Housed.start(ends.port, files, (folder) => ({ program: '/usr/sbin/nginx', args: ['-p', folder, '-c', `${folder}/nginx.conf`], env: {} }));
}

async function startCaddy(ends: Ends): Promise<Door> {
  const site = `https://${HOST}:${ends.port} {\n\tbind 127.0.0.1\n\ttls FOLDER/cert FOLDER/key\n`;
  const fewer: Record<string, string> = ends.hasPhone ? {} : { ' Remote-Phone\n': '\n' };
  const [block = ''] = await documented(DOCUMENT, 'Caddy', 'caddy', { ...moved(ends), 'app.example.com {\n': site, ...fewer });
  const global = '{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tservers {\n\t\tprotocols h1 h2\n\t}\n}\n';
  const files = { Caddyfile: global + block, ...(await certificate()) };
  return Housed.start(ends.port, files, (folder) => ({
    program: 'caddy',
    args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  }));
}
