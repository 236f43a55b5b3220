import { existsSync, mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart, systemErrorCode } from './cannot-start.ts'

/** With less free space than this, the disk counts as full. */
const TOO_LITTLE_BYTES = 1024 * 1024

/** Creates the directory for all local state and the log directory in it. Only their owner has access. */
export function prepareDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  mkdirSync(logDir(dataDir), { recursive: true, mode: 0o700 })
}

export const logDir = (dataDir: string) => join(dataDir, 'logs')

/** Turns a file system error into a `CannotStart` that says what to do. Returns any other error unchanged. */
export function explainFileError(error: unknown, dataDir: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(dataDir, error)
    case 'EACCES':
    case 'EPERM':
      return new CannotStart(
        `You can't read and write ${dataDir}. Change its owner, or set DATA_DIR to another directory.`,
        { cause: error },
      )
    case 'EROFS':
      return new CannotStart(`${dataDir} is on a read-only disk. Set DATA_DIR to another directory.`, { cause: error })
    case 'EEXIST':
    case 'ENOTDIR':
      return new CannotStart(`${dataDir} is not a directory. Set DATA_DIR to a directory.`, { cause: error })
    default:
      return isDiskFull(dataDir) ? diskFull(dataDir, error) : error
  }
}

/** Checks the disk itself, because every program reports a full disk in its own way. */
function isDiskFull(dataDir: string): boolean {
  if (!existsSync(dataDir)) return false
  const { bavail, bsize } = statfsSync(dataDir)
  return bavail * bsize < TOO_LITTLE_BYTES
}

const diskFull = (dataDir: string, cause: unknown) =>
  new CannotStart(`The disk is full. Free some space for ${dataDir}.`, { cause })
