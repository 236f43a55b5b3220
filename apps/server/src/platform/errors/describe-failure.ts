/** Errors whose messages already say what to do. */
const IN_WORDS = ['BadExtension', 'ConfigError', 'OwnMigrationFailed', 'TransactionPooling']

/** Describes a failed start in one sentence that says what to do, for the person at the terminal. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Failed: ${String(error)}`
  if (IN_WORDS.includes(error.constructor.name)) return error.message
  const cause = rootCause(error)
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE')
    return `The port is in use: ${cause.message}. Stop the program that uses it, or set PORT to another port.`
  if (code === 'EACCES') return `Permission denied: ${cause.message}.`
  if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'].includes(code)) {
    return `The database does not answer (${cause.message || code}). Is it running, and is DATABASE_URL correct?`
  }
  if (/^(?:SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS)/.test(code) || /SSL|pg_hba\.conf/.test(cause.message)) {
    return `The database's TLS does not fit (${cause.message}). Check sslmode and sslrootcert in DATABASE_URL.`
  }
  if (code.startsWith('28') || code === '3D000') {
    return `The database refuses the connection (${cause.message}). Check the user name and the password in DATABASE_URL.`
  }
  if (code === '42P01' || code === '3F000' || /pg-?boss is not installed/i.test(cause.message)) {
    return 'The database has not been migrated. Run migrate first.'
  }
  return error.stack ?? error.message
}

function rootCause(error: Error): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootCause(error.errors[0])
  return error.cause instanceof Error ? rootCause(error.cause) : error
}
