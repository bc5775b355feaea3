import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documented } from './documented';
import { Housed } from './housed';

const SITE = fileURLToPath(new URL('django_site.py', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A Python that has end2end/applications/requirements.txt; .ci/test.sh installs it. */
const PYTHON = resolve(ROOT, process.env.APPLICATIONS_PYTHON ?? '.tools/applications/bin/python');

export type Recipe = 'authlib' | 'mozilla';

interface Ends {
  port: number;
  issuer: string;
  secret: string;
}

const HEADINGS: Record<Recipe, string> = { authlib: 'Django, with Authlib', mozilla: 'Django, with mozilla-django-oidc' };

/** Django with the documented blocks. */
export async function startDjango(recipe: Recipe, { port, issuer, secret }: Ends): Promise<Housed> {
  const blocks = await documented('integrate.md', HEADINGS[recipe], 'python', {
    'https://sign-up.example.com': issuer,
    'https://shop.example.com': `http://127.0.0.1:${port}`,
    'the-secret': secret,
    ...(recipe === 'mozilla' && { 'shop.people': 'people' }),
  });
  const [first = '', second = ''] = blocks;
  const files: Record<string, string> = recipe === 'authlib' ? { 'beonho.py': first } : { 'settings_block.py': first, 'people.py': second };
  return Housed.start(port, files, (folder) => ({
    program: PYTHON,
    args: [SITE, recipe, String(port), folder],
    env: { AUTHLIB_INSECURE_TRANSPORT: '1', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  }));
}
