import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

const MAX_BYTES = 5 * 1024 * 1024

export interface RotatingLog {
  write(chunk: Buffer): void
  close(): void
}

/** Appends to a log file; past 5 MB it becomes `<path>.1` (replacing the one before) and a new one begins. */
export function openLog(path: string): RotatingLog {
  let file = openSync(path, 'a', 0o600)
  let size = fstatSync(file).size

  function rotate() {
    closeSync(file)
    renameSync(path, `${path}.1`)
    file = openSync(path, 'a', 0o600)
    size = 0
  }

  return {
    write(chunk) {
      try {
        if (size > MAX_BYTES) rotate()
        size += writeSync(file, chunk)
      } catch {
        // A full disk must not end the program whose log this is.
      }
    },
    close: () => closeSync(file),
  }
}
