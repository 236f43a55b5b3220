import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/local/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { migrate } from '../../verbs/migrate.ts'
import { describeFailure } from '../errors/describe-failure.ts'
import { startSender } from '../jobs/job-runner.ts'
import { createLog } from '../log.ts'
import { connectionOf } from './connection.ts'
import { openDatabase } from './database.ts'

describe('TLS parameters of DATABASE_URL', () => {
  test('are off by default, and are taken out of the address that the drivers get', () => {
    expect(connectionOf('postgres://a:b@c/d?application_name=x')).toEqual({
      url: 'postgres://a:b@c/d?application_name=x',
      ssl: false,
    })
    expect(connectionOf('postgres://a:b@c/d?sslmode=require')).toMatchObject({
      url: 'postgres://a:b@c/d',
      ssl: { rejectUnauthorized: false },
    })
    expect(connectionOf('postgres://a:b@c/d?ssl=false')).toEqual({ url: 'postgres://a:b@c/d', ssl: false })
  })

  test.each([
    ['ssl=true', /DATABASE_URL has the parameter ssl: use sslmode=verify-full or sslmode=require instead/],
    ['sslmode=perhaps', /DATABASE_URL has an unknown sslmode: use disable, require, verify-ca or verify-full/],
    [
      'sslmode=verify-full&sslrootcert=/no/such.pem',
      /DATABASE_URL names a file in sslrootcert .*\/no\/such\.pem: ENOENT/,
    ],
  ])('are checked at start: %s', (parameters, message) => {
    expect(() => readConfig({ DATABASE_URL: `postgres://a:b@c/d?${parameters}` })).toThrow(message)
  })
})

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.runIf(hasOpenssl)('a PostgreSQL that takes only TLS (skipped if openssl is not installed)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-tls-'))
  const file = (name: string) => join(dir, name)
  let base: string
  const stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))

  beforeAll(async () => {
    chmodSync(dir, 0o755)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: dir })
    const anEcKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    for (const ca of ['ca', 'other-ca'])
      openssl(
        'req',
        '-x509',
        ...anEcKey,
        '-keyout',
        `${ca}.key`,
        '-out',
        `${ca}.pem`,
        '-days',
        '2',
        '-subj',
        `/CN=${ca}`,
      )
    openssl('req', ...anEcKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
    writeFileSync(file('san'), 'subjectAltName=DNS:localhost')
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'san',
      '-out',
      'server.pem',
    )

    const data = file('data')
    const first = await startPostgres({ dir: data })
    await first.stop()
    const { uid, gid } = statSync(data)
    chownSync(file('server.key'), uid, gid)
    writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust\n')
    const settings = { ssl: 'on', ssl_cert_file: file('server.pem'), ssl_key_file: file('server.key') }
    const { port } = stack.use(await startPostgres({ dir: data, settings }))
    base = `postgres://postgres@localhost:${port}/postgres`
  }, 60_000)
  afterAll(() => stack.disposeAsync())

  /** Connects with the ORM and with pg-boss. */
  async function useBoth(url: string): Promise<string> {
    try {
      await migrate({ DATABASE_URL: url }, createLog({ level: 'silent', name: 'tls' }))
      await using database = await openDatabase({ url, entities, migrations, poolSize: 1 })
      const [row] = await database.em
        .fork()
        .execute<{ ssl: boolean }[]>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
      const boss = await startSender(url, createLog({ level: 'silent', name: 'tls' }))
      await boss.getQueues()
      await boss.stop({ graceful: false })
      return row?.ssl ? 'encrypted' : 'plain'
    } catch (error) {
      return describeFailure(error)
    }
  }

  test.each([
    ['?sslmode=require'],
    ['?sslmode=require&sslrootcert=ca.pem'],
    ['?sslmode=verify-ca&sslrootcert=ca.pem'],
    ['?sslmode=verify-full&sslrootcert=ca.pem'],
  ])('is reached with %s, by the ORM and by pg-boss', async (parameters) => {
    expect(await useBoth(base + parameters.replace('=ca.pem', `=${file('ca.pem')}`))).toBe('encrypted')
  })

  test.each([
    ['without sslmode', 'localhost', '', /no encryption/],
    [
      'with another CA',
      'localhost',
      '?sslmode=verify-full&sslrootcert=other-ca.pem',
      /unable to verify|self.signed|certificate/i,
    ],
    ['without the CA', 'localhost', '?sslmode=verify-full', /unable to|certificate/i],
    [
      'by a name that its certificate does not have',
      '127.0.0.1',
      '?sslmode=verify-full&sslrootcert=ca.pem',
      /altnames|IP/i,
    ],
  ])('is refused %s, and says why', async (_how, host, parameters, why) => {
    const url =
      base.replace('localhost', host) + parameters.replace(/=([\w-]+\.pem)/, (_, name: string) => `=${file(name)}`)
    const said = await useBoth(url)
    expect(said).toMatch(/^The database's TLS does not fit \(.*\)\. Check sslmode and sslrootcert in DATABASE_URL\.$/)
    expect(said).toMatch(why)
  })

  test('by another name is reached with verify-ca', async () => {
    const url = `${base.replace('localhost', '127.0.0.1')}?sslmode=verify-ca&sslrootcert=${file('ca.pem')}`
    expect(await useBoth(url)).toBe('encrypted')
  })
})
