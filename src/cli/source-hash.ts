import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A hash of every name and byte of the files and folders named, which are relative to `home`. */
export async function hashSources(
  home: string,
  sources: readonly string[],
  leaveOut: readonly string[] = [],
): Promise<string> {
  const found = await Promise.all(sources.map((source) => filesOf(join(home, source))))
  const paths = found
    .flat()
    .filter((path) => !leaveOut.some((folder) => path.startsWith(join(home, folder, '/'))))
    .sort()
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const hash = createHash('sha256')
  for (const [index, content] of contents.entries()) {
    hash.update(`${relative(home, paths[index] ?? '')}\0${String(content.length)}\0`).update(content)
  }
  return hash.digest('hex')
}

async function filesOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return [path]
    throw cause
  }
}
