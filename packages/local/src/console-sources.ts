import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './workspace.ts'

/** Everything that the console's bundle is made of. */
const SOURCES = [
  'apps/console/{src,public}/**/*.*',
  'apps/console/*.*',
  'packages/client/src/**/*.ts',
  'packages/client/package.json',
  'pnpm-lock.yaml',
]

/** Where the console's bundle of this data directory is. */
export const bundleDir = (dataDir: string): string => join(dataDir, 'console')

const stampOf = (dataDir: string) => join(dataDir, 'console.sources')

/**
 * Bundles the console with `bundle`, unless the bundle is of these sources. A start without changes is faster by
 * seconds.
 */
export async function bundleIfChanged(dataDir: string, bundle: () => Promise<void>): Promise<void> {
  const stamp = stampOf(dataDir)
  const sources = describeSources()
  const isSame = existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
  if (isSame && existsSync(join(bundleDir(dataDir), 'index.html'))) return
  rmSync(stamp, { force: true })
  await bundle()
  writeFileSync(stamp, sources)
}

/** Changes with the name, size or time of any source. */
function describeSources(): string {
  const hash = createHash('sha256')
  for (const path of globSync(SOURCES, { cwd: ROOT }).toSorted()) {
    const { size, mtimeMs } = statSync(join(ROOT, path))
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
