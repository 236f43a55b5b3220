import { ConfigError, misspelledIn, readConfig, type Config } from '../config.ts'
import { describeMisspelling } from '../misspelled-settings.ts'
import { SECOND } from '../platform/durations.ts'
import { createLog } from '../platform/log.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkMail } from './doctor/check-mail.ts'
import { checkQueues } from './doctor/check-queues.ts'
import { checkSettings } from './doctor/check-settings.ts'
import { checkStripe } from './doctor/check-stripe.ts'
import { odd, wrong, type Check, type Finding } from './doctor/finding.ts'
import { withoutSecrets } from './doctor/without-secrets.ts'

const CHECKS: readonly (readonly [about: string, check: Check])[] = [
  ['settings', checkSettings],
  ['database', checkDatabase],
  ['job queue', checkQueues],
  ['Stripe', checkStripe],
  ['mail', checkMail],
]

/** Maximum time of a check. What it calls has shorter timeouts. */
const PATIENCE = 15 * SECOND

/**
 * `doctor`: checks everything that the other verbs need. It prints a line for each finding that says what to do,
 * changes nothing, and prints no secret.
 *
 * @returns 1 if anything is wrong.
 */
export async function doctor(env: Record<string, string | undefined>): Promise<number> {
  const config = configIn(env)
  if (!config) return 1
  const log = createLog({ level: 'silent', name: 'doctor' })
  for (const misspelling of misspelledIn(env)) print('settings', odd(describeMisspelling(misspelling)))
  let healthy = true
  for (const [about, check] of CHECKS) {
    for (const finding of await findingsOf(check, config, log)) {
      print(about, { ...finding, text: withoutSecrets(finding.text, config) })
      healthy &&= finding.state !== 'wrong'
    }
  }
  console.log(healthy ? 'Nothing is wrong.' : 'Something is wrong: see above.')
  return healthy ? 0 : 1
}

function configIn(env: Record<string, string | undefined>): Config | undefined {
  try {
    return readConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) print('settings', wrong(problem))
    console.log('Fix these first. Everything else depends on them.')
    return undefined
  }
}

async function findingsOf(check: Check, ...subject: Parameters<Check>): Promise<Finding[]> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / SECOND} s`)), PATIENCE)
  try {
    return await Promise.race([check(...subject), late])
  } catch (error) {
    return [wrong(`The check itself failed: ${error instanceof Error ? error.message : String(error)}`)]
  } finally {
    clearTimeout(timer)
  }
}

const MARKS = { fine: 'ok   ', odd: 'look ', wrong: 'WRONG' } as const

function print(about: string, { state, text }: Finding): void {
  console.log(`${MARKS[state]}  ${about.padEnd(9)}  ${text}`)
}
