import pino, { type Logger, type TransportTargetOptions } from 'pino'
import { withoutRows } from './without-rows.ts'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

const SECRET_KEYS = [
  'password',
  'oldPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["stripe-signature"]',
  'hmac',
  'secret',
  'passwordHash',
  // PostgreSQL puts whole rows into these fields of an error.
  'detail',
  'where',
  'internalQuery',
]

/** Secrets are removed at the top, in an object, and in an object's object. */
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => {
  const below = key.startsWith('[') ? key : `.${key}`
  return [key, `*${below}`, `*.*${below}`]
})

/**
 * A logger that writes JSON lines to standard output and, if `file` is set, also to a file. The file is rotated daily
 * and at 50 MB, and fourteen files are kept.
 */
export function createLog(options: { level: string; file?: string | undefined; name: string }): Logger {
  const targets: TransportTargetOptions[] = [{ target: 'pino/file', options: { destination: 1 } }]
  if (options.file) {
    targets.push({
      target: 'pino-roll',
      options: { file: options.file, frequency: 'daily', size: '50m', limit: { count: 14 }, mkdir: true },
    })
  }
  const settings = {
    name: options.name,
    level: options.level,
    serializers: { err: shownError, cause: shownError },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
  }
  // Without a file, pino writes from this thread. A crash then loses no line, and no worker thread is needed.
  return options.file ? pino(settings, pino.transport({ targets })) : pino(settings)
}

/** The ORM repeats PostgreSQL's detail, with the row, in the message. */
function shownError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const shown = pino.stdSerializers.err(error)
  return Object.assign(shown, { message: withoutRows(shown.message), stack: withoutRows(shown.stack) })
}

/** A child logger that is made when it first logs something. Most requests log nothing, and making one takes time. */
export function childOnDemand(log: Log, about: Record<string, string>): Log {
  let made: Log | undefined
  const child = () => (made ??= log.child(about))
  return {
    get debug() {
      return child().debug.bind(child())
    },
    get info() {
      return child().info.bind(child())
    },
    get warn() {
      return child().warn.bind(child())
    },
    get error() {
      return child().error.bind(child())
    },
    get child() {
      return child().child.bind(child())
    },
  }
}
