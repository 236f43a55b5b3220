import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a file atomically: a reader sees the old or the new content. Only its owner can read it. */
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
