import { expireSubscriptions, takeDunningSteps, warnOfCards } from '../billing/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

/** `sweep`: does now what is due by time: ends subscriptions whose time is over, and sends reminders. */
export async function sweep(config: Config, log: Log): Promise<number> {
  const { swept, reminded, warned } = await inScope({ config, log, verb: 'sweep' }, async (scope) => ({
    swept: await expireSubscriptions(scope),
    reminded: await takeDunningSteps(scope),
    warned: await warnOfCards(scope),
  }))
  const { ended, asked, corrected, failures } = swept
  console.log(ended === 1 ? 'Ended 1 subscription.' : `Ended ${ended} subscriptions.`)
  if (asked > 0) console.log(`Asked Stripe about ${asked} with an overdue renewal; corrected ${corrected} rows.`)
  if (reminded > 0) console.log(`Failed renewals with a reminder due: ${reminded}.`)
  if (warned > 0) console.log(`Cards that expire before the next payment: ${warned}.`)
  for (const failure of failures) console.error(`Not asked: ${failure}`)
  return failures.length > 0 ? 1 : 0
}
