import './verbs/node-version.ts'
import './platform/limits/thread-pool.ts'
import './argon2-build.ts'
import { misspelledIn, readConfig, type Config } from './config.ts'
import { describeMisspelling } from './misspelled-settings.ts'
import { describeFailure } from './platform/errors/describe-failure.ts'
import { createLog, type Log } from './platform/log.ts'

/** A verb, and the words that it takes after its name: how many it needs, and which options it has. */
interface Verb {
  /** Loaded only when it runs, so that help and mistakes are answered at once. */
  load(): Promise<(config: Config, log: Log, words: readonly string[]) => Promise<number>>
  takes?: number
  options?: readonly string[]
  /** Options that are followed by a value. */
  valued?: readonly string[]
}

const VERBS: Record<string, Verb> = {
  serve: { load: async () => (await import('./verbs/serve.ts')).serve, options: ['--console'] },
  work: { load: async () => (await import('./verbs/work.ts')).work },
  migrate: { load: async () => (await import('./verbs/migrate.ts')).migrate },
  seed: { load: async () => (await import('./verbs/seed.ts')).seed, options: ['--plans'] },
  'grant-admin': { load: async () => (await import('./verbs/grant-admin.ts')).makeAdmin, takes: 1 },
  'create-service-key': {
    load: async () => (await import('./verbs/create-service-key.ts')).makeServiceKey,
    takes: 1,
    valued: ['--scopes', '--expires-in'],
  },
  'apply-plans': {
    load: async () => (await import('./verbs/apply-plans.ts')).applyPlansFile,
    options: ['--dry-run', '--exit-code'],
    valued: ['--allow', '--file'],
  },
  sweep: { load: async () => (await import('./verbs/sweep.ts')).sweep },
  reconcile: { load: async () => (await import('./verbs/reconcile.ts')).reconcileNow, options: ['--all'] },
  explain: { load: async () => (await import('./verbs/explain.ts')).explain, takes: 1, valued: ['--at', '--grace'] },
  'replay-event': { load: async () => (await import('./verbs/replay-event.ts')).replay, takes: 1 },
  'jobs failed': { load: async () => (await import('./verbs/failed-jobs.ts')).showFailedJobs },
  'jobs retry': { load: async () => (await import('./verbs/failed-jobs.ts')).retryFailedJob, takes: 1 },
}

/** Reads the configuration itself, because that may be what is wrong. */
const DOCTOR = 'doctor'

/** How this program was called: by the root package's npm script, or directly. */
const PROGRAM = process.env['npm_lifecycle_event'] === 'tollgate' ? 'npm run tollgate --' : 'node dist/main.js'

const HELP = `Usage: ${PROGRAM} VERB

  serve [--console]
            answers HTTP requests, until SIGTERM or SIGINT; with --console it also serves the console on CONSOLE_PORT
  work      runs jobs and schedules, until SIGTERM or SIGINT
  migrate   creates or updates the database's tables and queues for this version
  seed [--plans]
            adds the accounts named by SEED_*, and with --plans the default plans (outside production always);
            outside production it also resets these accounts to the passwords in SEED_*
  grant-admin EMAIL
            makes the account with this address an administrator
  create-service-key NAME --scopes SCOPE,SCOPE [--expires-in 90d]
            makes a key for another program, and prints it once; the scopes are
            introspect, users:read, accounts:read, entitlements:read, usage:write, events:read, admin
  apply-plans [--file PATH] [--dry-run [--exit-code]] [--allow NAME]…
            makes the plans those of a plans file (default tollgate.plans.ts), and says first what that does;
            --dry-run only says it, and with --exit-code exits with 2 if something would change
  sweep     ends the subscriptions whose time is over, now
  reconcile [--all]
            fetches from Stripe what never arrived and corrects what differs, now;
            with --all it compares every live subscription and recent payment
  explain EMAIL|ACCOUNT [--at TIME] [--grace 7d]
            says whether an account had access at a time, why, and what changed it next;
            with --grace also what would have been with another PAST_DUE_GRACE
  replay-event ID
            applies a Stripe event again; ID is the row's id or Stripe's (evt_…)
  jobs failed
            lists the jobs that failed for good
  jobs retry ID
            puts a failed job back into its queue
  doctor    checks settings, database, queue, Stripe, mail and clocks, and says what to fix

The configuration is read from the environment. Verbs say what they did, and all but
create-service-key are idempotent.`

const given = process.argv.slice(2)
const isGroup = given[0] === 'jobs'
const name = given.slice(0, isGroup ? 2 : 1).join(' ')
const words = given.slice(isGroup ? 2 : 1)
const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
if (!isUnderstood()) {
  const isHelp = ['', 'help', '--help', '-h'].includes(name)
  console[isHelp ? 'log' : 'error'](isHelp ? HELP : `Unknown command: ${given.join(' ')}\n\n${HELP}`)
  process.exit(isHelp ? 0 : 1)
}

function isUnderstood(): boolean {
  if (name === DOCTOR) return words.length === 0
  const options = words.filter(
    (word, at) =>
      verb?.options?.includes(word) || [word, words[at - 1] ?? ''].some((each) => verb?.valued?.includes(each)),
  )
  return verb !== undefined && words.length - options.length === (verb.takes ?? 0)
}

try {
  process.exitCode = await (verb ? run(verb) : examine())
} catch (error) {
  console.error(describeFailure(error))
  process.exitCode = 1
}
// A library may have left something open, which must not keep the process alive.
process.exit()

async function run(verb: Verb): Promise<number> {
  const config = readConfig(process.env)
  const log = createLog({ level: config.LOG_LEVEL, file: config.LOG_FILE, name: `tollgate-${name.replace(' ', '-')}` })
  for (const misspelling of misspelledIn(process.env)) log.warn(describeMisspelling(misspelling))
  return (await verb.load())(config, log, words)
}

async function examine(): Promise<number> {
  const { doctor } = await import('./verbs/doctor.ts')
  return doctor(process.env)
}
