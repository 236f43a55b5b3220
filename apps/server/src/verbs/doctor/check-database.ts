import type { EntityManager } from '@mikro-orm/postgresql'
import { listAccounts } from '../../auth/index.ts'
import type { Config } from '../../config.ts'
import { migrations } from '../../migrations/index.ts'
import { listInvalidIndexes } from '../../platform/database/invalid-indexes.ts'
import { checkSessionPooling, TransactionPooling } from '../../platform/database/session-pooling.ts'
import { SECOND } from '../../platform/durations.ts'
import { describeFailure } from '../../platform/errors/describe-failure.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

const OLDEST_VERSION = 15
/** Stripe's signatures tolerate 300 s, but tokens are dated to the second. */
const ODD_SKEW = 2 * SECOND
const WRONG_SKEW = 60 * SECOND

/** Checks that the database answers, is new enough, has this version's tables and valid indexes, and agrees about the time. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  try {
    return await askDatabase(config, async (em) => {
      const [server] = await em.execute<Server[]>(
        `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
           pg_is_in_recovery() as is_standby, current_setting('server_encoding') as encoding`,
      )
      if (!server) return [wrong('The database gives an empty answer.')]
      return [
        ...describeServer(config, server),
        ...(await checkPooler(em)),
        await checkClock(em),
        ...(await checkTables(em)),
        ...(await checkIndexes(em)),
      ]
    })
  } catch (error) {
    return [wrong(describeFailure(error).split('\n')[0] ?? '')]
  }
}

async function checkPooler(em: EntityManager): Promise<Finding[]> {
  try {
    await checkSessionPooling(em)
    return []
  } catch (error) {
    if (!(error instanceof TransactionPooling)) throw error
    return [wrong(error.message)]
  }
}

interface Server {
  version: string
  number: number
  is_standby: boolean
  encoding: string
}

function describeServer({ DATABASE_URL }: Config, { version, number, is_standby, encoding }: Server): Finding[] {
  const { host, pathname } = new URL(DATABASE_URL)
  const findings: Finding[] = []
  if (number < OLDEST_VERSION * 10_000)
    findings.push(wrong(`PostgreSQL ${version} is too old: use version ${OLDEST_VERSION} or newer.`))
  if (is_standby) findings.push(wrong('This is a read-only standby: set DATABASE_URL to the primary.'))
  if (encoding !== 'UTF8')
    findings.push(wrong(`The encoding is ${encoding}: create the database with the encoding UTF8.`))
  return findings.length > 0 ? findings : [fine(`PostgreSQL ${version} at ${host}${pathname}`)]
}

/** Compares the clocks: the database dates rows, and this machine dates tokens. Half the round trip is subtracted. */
async function checkClock(em: EntityManager): Promise<Finding> {
  const askedAt = Date.now()
  const [row] = await em.execute<{ now: number }[]>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  )
  const skew = Math.abs((row?.now ?? 0) - (askedAt + Date.now()) / 2)
  const text = `This machine’s clock and the database’s differ by ${(skew / SECOND).toFixed(1)} s`
  if (skew > WRONG_SKEW) return wrong(`${text}: tokens and Stripe’s signatures will be refused. Use NTP on both.`)
  return skew > ODD_SKEW ? odd(`${text}: use NTP on both.`) : fine(`${text}.`)
}

async function checkTables(em: EntityManager): Promise<Finding[]> {
  const [table] = await em.execute<{ is_there: boolean }[]>("select to_regclass('migrations') is not null as is_there")
  const rows = table?.is_there ? await em.execute<{ name: string }[]>('select name from migrations') : []
  const done = new Set(rows.map(({ name }) => name))
  const missing = migrations.filter(({ name }) => !done.has(name)).map(({ name }) => name)
  if (missing.length > 0) return [wrong(`Not migrated (${missing.join(', ')}): run migrate.`)]

  const known = new Set(migrations.map(({ name }) => name))
  const newer = [...done].filter((name) => !known.has(name))
  if (newer.length > 0)
    return [wrong(`A newer version has migrated it (${newer.join(', ')}): run that version or a newer one.`)]
  const admins = await listAccounts({ em }, { limit: 1, isAdmin: true, isActive: true, isVerified: true })
  return [
    fine(`All ${migrations.length} migrations have run.`),
    ...(admins.items.length > 0
      ? []
      : [odd('There is no administrator: sign up, verify the address, and run grant-admin.')]),
  ]
}

async function checkIndexes(em: EntityManager): Promise<Finding[]> {
  const names = (await listInvalidIndexes(em)).map(({ name }) => name)
  if (names.length === 0) return []
  return [
    wrong(
      `Building these indexes was interrupted, so they are invalid: ${names.join(', ')}. Run migrate: it rebuilds them.`,
    ),
  ]
}
