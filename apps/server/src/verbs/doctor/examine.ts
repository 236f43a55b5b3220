import { misspelledIn, type Config } from '../../config.ts'
import { describeMisspelling } from '../../misspelled-settings.ts'
import { SECOND } from '../../platform/durations.ts'
import { createLog } from '../../platform/log.ts'
import { checkDatabase } from './check-database.ts'
import { checkEvents } from './check-events.ts'
import { checkMail } from './check-mail.ts'
import { checkOwn } from './check-own.ts'
import { checkPaymob } from './check-paymob.ts'
import { checkQueues } from './check-queues.ts'
import { checkSettings } from './check-settings.ts'
import { checkStripe } from './check-stripe.ts'
import { checkWebhooks } from './check-webhooks.ts'
import { odd, wrong, type Check, type Finding } from './finding.ts'
import { withoutSecrets } from './without-secrets.ts'

const CHECKS: readonly (readonly [about: string, check: Check])[] = [
  ['settings', checkSettings],
  ['database', checkDatabase],
  ['config', checkOwn],
  ['job queue', checkQueues],
  ['Stripe', checkStripe],
  ['Paymob', checkPaymob],
  ['mail', checkMail],
  ['events', checkEvents],
  ['webhooks', checkWebhooks],
]

/** Maximum time of a check. What it calls has shorter timeouts. */
const PATIENCE = 15 * SECOND

/** A finding, and what it is about. */
export type AboutFinding = Finding & { readonly about: string }

/**
 * Runs every check, all at once, so that it takes no longer than the longest of them. Changes nothing. The findings name
 * no secret.
 *
 * @param env what the configuration was read from.
 */
export async function examine(config: Config, env: Record<string, string | undefined>): Promise<AboutFinding[]> {
  const log = createLog({ level: 'silent', name: 'doctor' })
  const misspelled = misspelledIn(env).map((each) => ({ about: 'settings', ...odd(describeMisspelling(each)) }))
  const found = await Promise.all(
    CHECKS.map(async ([about, check]) =>
      (await findingsOf(check, config, log)).map((finding) => ({ about, ...finding })),
    ),
  )
  return [...misspelled, ...found.flat()].map(({ text, ...finding }) => ({
    ...finding,
    text: withoutSecrets(text, config),
  }))
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
