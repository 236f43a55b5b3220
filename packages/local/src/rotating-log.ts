import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

const MAX_BYTES = 5 * 1024 * 1024

export interface RotatingLog {
  write(chunk: Buffer): void
  close(): void
}

/** Opens a log file to append to. Above 5 MB, it is renamed to `<path>.1`, which replaces the previous one. */
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
        // A full disk must not stop the program that logs.
      }
    },
    close: () => closeSync(file),
  }
}
