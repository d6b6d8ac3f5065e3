import { lstat, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isObject, parseJson } from '../../base/json.ts';

/**
 * Makes the symbolic links between libraries that npm packages cannot carry. The package does it in an install
 * script, which `npm ci --ignore-scripts` leaves out. Rejects when a link is missing and cannot be made.
 */
export async function repairLinks(root: string): Promise<void> {
  const text = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]'); // Windows has none
  const parsed = parseJson(text);
  const listed = 'value' in parsed && Array.isArray(parsed.value) ? parsed.value : [];
  for (const entry of listed) {
    if (!isObject(entry)) continue;
    const { source, target } = entry;
    if (typeof source === 'string' && typeof target === 'string') await ensureLink(dirname(root), source, target);
  }
}

/** `source` and `target` start at the package's folder. */
async function ensureLink(packageFolder: string, source: string, target: string): Promise<void> {
  const link = join(packageFolder, target);
  try {
    await lstat(link);
  } catch {
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      // Another process is repairing too.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}
