import {
  atProvider,
  PROVIDER_LABELS,
  recheckNow,
  reconcile,
  type RecheckState,
  type Reconciliation,
} from '../billing/index.ts'
import type { Config } from '../config.ts'
import { SECOND } from '../platform/durations.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

const ALL = '--all'

/**
 * `reconcile [--all]`: runs the reconciler now instead of at its hourly time. With `--all`, it then compares every live
 * subscription and recent payment with its provider, and prints how far it is.
 */
export async function reconcileNow(config: Config, log: Log, words: readonly string[] = []): Promise<number> {
  try {
    const failures = await inScope({ config, log, verb: 'reconcile' }, async (scope) => {
      const done = await reconcile(scope)
      console.log(describeReconciliation(done))
      for (const failure of done.failures) console.error(`Not reconciled: ${failure}`)
      if (!words.includes(ALL)) return done.failures.length
      let failures = done.failures.length
      for (const name of scope.billing.providers.keys()) {
        const { failed, ...all } = await recheckNow(atProvider(scope, name), createProgress(PROVIDER_LABELS[name]))
        console.log(`Everything compared: ${describeRecheck(all, PROVIDER_LABELS[name])}.`)
        if (failed > 0) console.error(`${counted(failed, 'object')} could not be compared. The log says which.`)
        failures += failed
      }
      return failures
    })
    return failures > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error // the provider's port throws no other when Stripe fails
    const why = error.cause instanceof Error ? ` (${error.cause.message.split('\n')[0]})` : ''
    console.error(
      `Not all was reconciled: a payment provider does not answer, or refuses the key${why}. \`doctor\` says which.`,
    )
    return 1
  }
}

/** For example `2 missed events applied, 1 row corrected (14 objects asked for): subscription sub_1.` */
function describeReconciliation({ recovered, retried, checked, corrected }: Reconciliation): string {
  const parts = [
    `${counted(recovered, 'missed event')} applied`,
    ...(retried > 0 ? [`${counted(retried, 'stuck event')} applied`] : []),
    `${counted(corrected.length, 'row')} corrected (${counted(checked, 'object')} asked for)`,
  ]
  const which = corrected.slice(0, SHOWN).map(({ objectType, objectId }) => `${objectType} ${objectId}`)
  const more = corrected.length > SHOWN ? ` and ${corrected.length - SHOWN} more` : ''
  return `${parts.join(', ')}${which.length > 0 ? `: ${which.join(', ')}${more}` : ''}.`
}

type Counts = Pick<RecheckState, 'listed' | 'asked' | 'corrected' | 'calls'>

/** For example `2000 objects listed, 3 of them asked for, 2 rows corrected, 41 calls to Stripe`. */
function describeRecheck({ listed, asked, corrected, calls }: Counts, provider: string): string {
  return [
    `${counted(listed, 'object')} listed`,
    `${asked} of them asked for`,
    `${counted(corrected, 'row')} corrected`,
    `${counted(calls, 'call')} to ${provider}`,
  ].join(', ')
}

const EVERY = 5 * SECOND

/** Prints how far a recheck is, at each new step and every few seconds. */
function createProgress(provider: string): (state: RecheckState) => void {
  let last = { step: '', at: 0 }
  return ({ step, ...counts }) => {
    if (step === last.step && performance.now() - last.at < EVERY) return
    last = { step, at: performance.now() }
    console.log(`Comparing ${NAMES[step]}: ${describeRecheck(counts, provider)} so far.`)
  }
}

const NAMES: Record<RecheckState['step'], string> = {
  subscriptions: 'subscriptions',
  unlisted: 'subscriptions that are on no list',
  invoices: 'invoices',
  refunds: 'refunds',
  disputes: 'disputes',
}

const SHOWN = 20
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
