import { reconcile, type Reconciliation } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

/** `reconcile`: runs the reconciler now instead of at its hourly time. */
export async function reconcileNow(config: Config, log: Log): Promise<number> {
  try {
    const done = await inScope({ config, log, verb: 'reconcile' }, reconcile)
    console.log(describeReconciliation(done))
    for (const failure of done.failures) console.error(`Not reconciled: ${failure}`)
    return done.failures.length > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error // the provider's port throws no other when Stripe fails
    const why = error.cause instanceof Error ? ` (${error.cause.message.split('\n')[0]})` : ''
    console.error(`Nothing was reconciled: Stripe does not answer, or refuses the key${why}. \`doctor\` says which.`)
    return 1
  }
}

/** For example `2 missed events applied, 1 row corrected (14 objects asked of Stripe): subscription sub_1.` */
function describeReconciliation({ recovered, retried, checked, corrected }: Reconciliation): string {
  const parts = [
    `${counted(recovered, 'missed event')} applied`,
    ...(retried > 0 ? [`${counted(retried, 'stuck event')} applied`] : []),
    `${counted(corrected.length, 'row')} corrected (${counted(checked, 'object')} asked of Stripe)`,
  ]
  const which = corrected.slice(0, SHOWN).map(({ objectType, objectId }) => `${objectType} ${objectId}`)
  const more = corrected.length > SHOWN ? ` and ${corrected.length - SHOWN} more` : ''
  return `${parts.join(', ')}${which.length > 0 ? `: ${which.join(', ')}${more}` : ''}.`
}

const SHOWN = 20
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
