import { globSync } from 'node:fs'
import { join, sep } from 'node:path'

/** A file of the built console. */
export interface BuiltFile {
  /** The path in the folder, with slashes. */
  readonly path: string
  /** The compressed copies that the build has put beside it. */
  readonly encodings: readonly Encoding[]
}

export type Encoding = 'br' | 'gzip'

const SUFFIXES = { br: '.br', gzip: '.gz' } as const

/** The path of a file's compressed copy. */
export const copyOf = (path: string, encoding: Encoding): string => `${path}${SUFFIXES[encoding]}`

/** Lists the files that may be served, by their URL's path. What is not in it does not exist for visitors. */
export function listBuiltFiles(folder: string): Map<string, BuiltFile> {
  const paths = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
  const all = new Set(paths)
  const isCopy = (path: string) => /\.(?:br|gz)$/.test(path) && all.has(path.slice(0, -3))
  return new Map(
    paths
      .filter((path) => path !== 'index.html' && !isCopy(path))
      .map((path) => {
        const encodings = (['br', 'gzip'] as const).filter((encoding) => all.has(copyOf(path, encoding)))
        return [`/${path}`, { path, encodings }]
      }),
  )
}
