import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

/**
 * The blocks in one language under a heading of a document, with this test's own names in place of the documented ones. Each of those must be
 * there, so that a document that changed is noticed.
 */
export async function documented(file: string, heading: string, language: string, moved: Record<string, string>): Promise<string[]> {
  const text = await readFile(`${DOCS}${file}`, 'utf8');
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${file} has no section ${heading}`);
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, tag]) => tag === language).map(([, , block = '']) => block);
  for (const name of Object.keys(moved)) {
    if (!blocks.some((block) => block.includes(name))) throw new Error(`${file}, ${heading}: no block has ${JSON.stringify(name)}`);
  }
  return blocks.map((block) => Object.entries(moved).reduce((whole, [name, own]) => whole.replaceAll(name, own), block));
}
