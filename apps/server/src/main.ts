import { readConfig } from './config.ts'
import { describeFailure } from './platform/describe-failure.ts'
import { createLog } from './platform/log.ts'
import { migrate } from './verbs/migrate.ts'
import { seed } from './verbs/seed.ts'
import { serve } from './verbs/serve.ts'
import { sweep } from './verbs/sweep.ts'
import { work } from './verbs/work.ts'

const VERBS = { serve, work, migrate, seed, sweep }

const HELP = `Usage: node dist/main.js VERB

  serve     answers HTTP requests, until SIGTERM or SIGINT
  work      works off jobs and keeps the schedules, until SIGTERM or SIGINT
  migrate   brings the database's tables and queues up to this version
  seed      adds the first plans, and the accounts named by SEED_*
  sweep     ends the subscriptions whose time has run out, now

The configuration is read from the environment. Verbs are idempotent and say what they did.`

const [verb = '', ...rest] = process.argv.slice(2)
if (!isVerb(verb) || rest.length > 0) {
  const isHelp = ['', 'help', '--help', '-h'].includes(verb)
  console[isHelp ? 'log' : 'error'](isHelp ? HELP : `There is no verb ${[verb, ...rest].join(' ')}.\n\n${HELP}`)
  process.exit(isHelp ? 0 : 1)
}

try {
  const config = readConfig(process.env)
  const log = createLog({ level: config.LOG_LEVEL, file: config.LOG_FILE, name: `tollgate-${verb}` })
  process.exitCode = await VERBS[verb](config, log)
} catch (error) {
  console.error(describeFailure(error))
  process.exitCode = 1
}
// What a library may have left open must not keep a finished process alive.
process.exit()

function isVerb(name: string): name is keyof typeof VERBS {
  return Object.hasOwn(VERBS, name)
}
