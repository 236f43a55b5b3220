import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

/** How to reach the database: the address without TLS parameters, and TLS as Node's options. */
export interface DatabaseConnection {
  readonly url: string
  /** False for a connection without TLS. */
  readonly ssl: ConnectionOptions | false
}

const MODES = ['disable', 'require', 'verify-ca', 'verify-full']

/** The parameters that libpq has for TLS. The ORM ignores them in an address, and `pg` gives some another meaning. */
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']

/**
 * Reads TLS from a DATABASE_URL as libpq does: `sslmode` is `disable` (the default), `require` (encrypted, but any
 * certificate is accepted unless `sslrootcert` is given), `verify-ca`, or `verify-full`. `sslrootcert` names a file with
 * the CA's certificates; without it, the CAs of Node apply. `sslcert` and `sslkey` name a client certificate.
 *
 * @throws {Error} whose message says what is wrong with a parameter.
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 */
export function connectionOf(databaseUrl: string): DatabaseConnection {
  const url = new URL(databaseUrl)
  const given = new Map(PARAMETERS.map((name) => [name, url.searchParams.get(name) ?? undefined]))
  const other = url.searchParams.get('ssl')
  for (const name of [...PARAMETERS, 'ssl']) url.searchParams.delete(name)
  // It is no parameter of libpq, and means something else to each driver. Passed over, it would mean no TLS.
  if (other !== null && !['false', '0'].includes(other) && !given.get('sslmode'))
    throw new Error('has the parameter ssl: use sslmode=verify-full or sslmode=require instead')
  const mode = given.get('sslmode') ?? 'disable'
  if (!MODES.includes(mode))
    throw new Error(`has an unknown sslmode: use ${MODES.slice(0, -1).join(', ')} or verify-full`)
  if (mode === 'disable') return { url: url.href, ssl: false }

  const read = (name: string) => readPem(name, given.get(name))
  const root = given.get('sslrootcert') === 'system' ? undefined : read('sslrootcert')
  const ssl: ConnectionOptions = {
    ...{ ca: root, cert: read('sslcert'), key: read('sslkey') },
    rejectUnauthorized: mode !== 'require' || root !== undefined,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
  return { url: url.href, ssl }
}

function readPem(parameter: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new Error(`names a file in ${parameter} that can't be read (${file}: ${why})`, { cause: error })
  }
}
