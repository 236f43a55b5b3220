import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner may read, whole or not at all: a reader never sees half of it. */
export function writeFileWhole(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(unfinished, content, { mode: 0o600 })
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
