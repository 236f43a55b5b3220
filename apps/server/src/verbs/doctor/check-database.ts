import type { EntityManager } from '@mikro-orm/postgresql'
import { listAccounts } from '../../auth/index.ts'
import type { Config } from '../../config.ts'
import { migrations } from '../../migrations/index.ts'
import { SECOND } from '../../platform/durations.ts'
import { describeFailure } from '../../platform/errors/describe-failure.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

const OLDEST_VERSION = 15
/** A tolerance of Stripe's signatures is 300 s, and tokens are dated to the second. */
const SKEW_TO_SEE_TO = 2 * SECOND
const TOO_MUCH_SKEW = 60 * SECOND

/** Whether the database answers, is new enough, has this version's tables, and agrees about the time. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  try {
    return await askDatabase(config, async (em) => {
      const [server] = await em.execute<Server[]>(
        `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
           pg_is_in_recovery() as is_standby, current_setting('server_encoding') as encoding`,
      )
      if (!server) return [wrong('The database answers nothing to a question.')]
      return [...describeServer(config, server), await checkClock(em), ...(await checkTables(em))]
    })
  } catch (error) {
    return [wrong(describeFailure(error).split('\n')[0] ?? '')]
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
    findings.push(wrong(`PostgreSQL ${version} is too old: use ${OLDEST_VERSION} or newer.`))
  if (is_standby) findings.push(wrong('This is a standby, which can only be read: name the primary in DATABASE_URL.'))
  if (encoding !== 'UTF8') findings.push(wrong(`Its encoding is ${encoding}: make the database with encoding UTF8.`))
  return findings.length > 0 ? findings : [fine(`PostgreSQL ${version} at ${host}${pathname}`)]
}

/** The database’s clock dates rows, this machine’s dates tokens; half the round trip is taken off. */
async function checkClock(em: EntityManager): Promise<Finding> {
  const askedAt = Date.now()
  const [row] = await em.execute<{ now: number }[]>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  )
  const skew = Math.abs((row?.now ?? 0) - (askedAt + Date.now()) / 2)
  const text = `This machine’s clock and the database’s differ by ${(skew / SECOND).toFixed(1)} s`
  if (skew > TOO_MUCH_SKEW) return wrong(`${text}: tokens and Stripe’s signatures will be refused. Set both by NTP.`)
  return skew > SKEW_TO_SEE_TO ? odd(`${text}: set both by NTP.`) : fine(`${text}.`)
}

async function checkTables(em: EntityManager): Promise<Finding[]> {
  const [table] = await em.execute<{ is_there: boolean }[]>("select to_regclass('migrations') is not null as is_there")
  const rows = table?.is_there ? await em.execute<{ name: string }[]>('select name from migrations') : []
  const done = new Set(rows.map(({ name }) => name))
  const missing = migrations.filter(({ name }) => !done.has(name)).map(({ name }) => name)
  if (missing.length > 0) return [wrong(`Not migrated (${missing.join(', ')}): run the verb migrate.`)]

  const known = new Set(migrations.map(({ name }) => name))
  const newer = [...done].filter((name) => !known.has(name))
  if (newer.length > 0)
    return [wrong(`A newer version has migrated it (${newer.join(', ')}): run that version, or one newer still.`)]
  const admins = await listAccounts({ em }, { limit: 1, isAdmin: true, isActive: true, isVerified: true })
  return [
    fine(`All ${migrations.length} migrations have run.`),
    ...(admins.items.length > 0
      ? []
      : [odd('There is no administrator: sign up, verify the address, and run the verb grant-admin.')]),
  ]
}
