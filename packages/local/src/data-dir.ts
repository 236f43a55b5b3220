import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart, systemErrorCode } from './cannot-start.ts'

const TOO_LITTLE_BYTES = 1024 * 1024

/** Makes the directory of all local state, for its owner alone, and the one for logs in it. */
export function prepareDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  mkdirSync(logDir(dataDir), { recursive: true, mode: 0o700 })
}

export const logDir = (dataDir: string) => join(dataDir, 'logs')

/** Turns the file system's refusals into a sentence; any other error stays as it is. */
export function explainFileError(error: unknown, dataDir: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(dataDir, error)
    case 'EACCES':
    case 'EPERM':
      return new CannotStart(
        `You may not read and write ${dataDir}: change its owner, or set DATA_DIR to another directory.`,
        {
          cause: error,
        },
      )
    case 'EROFS':
      return new CannotStart(`${dataDir} is on a read-only disk: set DATA_DIR to another directory.`, { cause: error })
    case 'EEXIST':
    case 'ENOTDIR':
      return new CannotStart(`${dataDir} is not a directory: set DATA_DIR to one.`, { cause: error })
    default:
      return isDiskFull(dataDir) ? diskFull(dataDir, error) : error
  }
}

/** Programs that run out of room say so each in its own way, so the disk itself is asked. */
function isDiskFull(dataDir: string): boolean {
  if (!existsSync(dataDir)) return false
  const { bavail, bsize } = statfsSync(dataDir)
  return bavail * bsize < TOO_LITTLE_BYTES
}

const diskFull = (dataDir: string, cause: unknown) =>
  new CannotStart(`The disk is full: make room below ${dataDir}.`, { cause })
