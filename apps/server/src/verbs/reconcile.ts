import { reconcile, type Reconciliation } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** `reconcile`: finds what Stripe's events have not brought here, now and not at its time of the hour. */
export async function reconcileNow(config: Config, log: Log): Promise<number> {
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  try {
    const done = await reconcile(openScope(deps, { verb: 'reconcile' }))
    console.log(inWords(done))
    for (const failure of done.failures) console.error(`Not reconciled: ${failure}`)
    return done.failures.length > 0 ? 1 : 0
  } finally {
    await boss.stop({ graceful: false })
    await deps.close()
  }
}

/** Such as `2 undelivered events applied, 1 row corrected of 14 objects asked: subscription sub_1.` */
function inWords({ recovered, retried, checked, corrected }: Reconciliation): string {
  const parts = [
    `${counted(recovered, 'undelivered event')} applied`,
    ...(retried > 0 ? [`${counted(retried, 'stuck event')} applied`] : []),
    `${counted(corrected.length, 'row')} corrected (${counted(checked, 'object')} asked of Stripe)`,
  ]
  const which = corrected.slice(0, SHOWN).map(({ objectType, objectId }) => `${objectType} ${objectId}`)
  const more = corrected.length > SHOWN ? ` and ${corrected.length - SHOWN} more` : ''
  return `${parts.join(', ')}${which.length > 0 ? `: ${which.join(', ')}${more}` : ''}.`
}

const SHOWN = 20
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
