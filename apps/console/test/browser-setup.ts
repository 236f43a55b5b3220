import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleDir, bundleIfChanged } from '@tollgate/local/console-sources'
import { makeScratchDir } from '@tollgate/local/scratch-dir'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A data directory with the console's bundle, which every stack of the browser tests copies. */
    bundled: string
  }
}

const CONSOLE = join(import.meta.dirname, '..')

/** Runs once before the browser tests. Bundles the console, so that each stack need not spend seconds on it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const bundled = makeScratchDir('tollgate-bundle-')
  const remove = () => rmSync(bundled, { recursive: true, force: true })
  try {
    await bundleIfChanged(bundled, () => bundle(bundleDir(bundled)))
  } catch (error) {
    remove()
    throw error
  }
  project.provide('bundled', bundled)
  return remove
}

/** Bundles as `npm start` does, without the variables of the tests. */
async function bundle(folder: string): Promise<void> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const vite = join(CONSOLE, 'node_modules/vite/bin/vite.js')
  const words = ['build', '--mode', 'uncompressed', '--outDir', folder, '--emptyOutDir']
  await promisify(execFile)(process.execPath, [vite, ...words], {
    cwd: CONSOLE,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
  })
}
