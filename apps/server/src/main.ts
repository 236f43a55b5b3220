import './platform/limits/thread-pool.ts'
import './argon2-build.ts'
import { readConfig, type Config } from './config.ts'
import { describeFailure } from './platform/errors/describe-failure.ts'
import { createLog, type Log } from './platform/log.ts'
import { doctor } from './verbs/doctor.ts'
import { makeAdmin } from './verbs/grant-admin.ts'
import { migrate } from './verbs/migrate.ts'
import { reconcileNow } from './verbs/reconcile.ts'
import { replay } from './verbs/replay-event.ts'
import { seed } from './verbs/seed.ts'
import { serve } from './verbs/serve.ts'
import { sweep } from './verbs/sweep.ts'
import { work } from './verbs/work.ts'

/** What a verb does, and how many words it takes after its name. */
interface Verb {
  run(config: Config, log: Log, words: readonly string[]): Promise<number>
  takes?: number
}

const VERBS: Record<string, Verb> = {
  serve: { run: serve },
  work: { run: work },
  migrate: { run: migrate },
  seed: { run: seed },
  'grant-admin': { run: makeAdmin, takes: 1 },
  sweep: { run: sweep },
  reconcile: { run: reconcileNow },
  'replay-event': { run: replay, takes: 1 },
}

/** Looks at the configuration itself, which may be what is wrong. */
const DOCTOR = 'doctor'

const HELP = `Usage: node dist/main.js VERB

  serve     answers HTTP requests, until SIGTERM or SIGINT
  work      works off jobs and keeps the schedules, until SIGTERM or SIGINT
  migrate   brings the database's tables and queues up to this version
  seed      adds the first plans, and the accounts named by SEED_*; outside production these can always log in with
            the passwords in SEED_*
  grant-admin EMAIL
            makes the account with this address an administrator
  sweep     ends the subscriptions whose time has run out, now
  reconcile asks Stripe what it has that never arrived here, now, and puts it right
  replay-event ID
            has an event of Stripe's applied once more, by its row's id or by Stripe's own (evt_…)
  doctor    looks at settings, database, queue, Stripe, mail and clocks, and says what is wrong and what to do

The configuration is read from the environment. Verbs are idempotent and say what they did.`

const [name = '', ...words] = process.argv.slice(2)
const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
const isKnown = name === DOCTOR || verb !== undefined
if (!isKnown || words.length !== (verb?.takes ?? 0)) {
  const isHelp = ['', 'help', '--help', '-h'].includes(name)
  console[isHelp ? 'log' : 'error'](isHelp ? HELP : `This is not how it goes: ${[name, ...words].join(' ')}\n\n${HELP}`)
  process.exit(isHelp ? 0 : 1)
}

try {
  process.exitCode = await (verb ? run(verb) : doctor(process.env))
} catch (error) {
  console.error(describeFailure(error))
  process.exitCode = 1
}
// What a library may have left open must not keep a finished process alive.
process.exit()

function run(verb: Verb): Promise<number> {
  const config = readConfig(process.env)
  const log = createLog({ level: config.LOG_LEVEL, file: config.LOG_FILE, name: `tollgate-${name}` })
  return verb.run(config, log, words)
}
