import type { Config } from '../../config.ts'
import { listEndpoints, readBacklog } from '../../events/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, type Finding } from './finding.ts'

const LONGEST_WAIT = 5 * MINUTE

/** Checks that events get to the endpoints: which of them are off or fail, and whether a worker sends anything. */
export async function checkWebhooks(config: Config): Promise<Finding[]> {
  try {
    return await askDatabase(config, async (em) => {
      const endpoints = await listEndpoints({ em, clock: systemClock })
      if (endpoints.length === 0) return [fine('There is no webhook endpoint.')]
      const { oldestDue } = await readBacklog(em, systemClock.now())
      const odds = [
        ...endpoints
          .filter(({ state, offReason }) => state === 'off' && offReason !== 'switched_off')
          .map(({ url, offReason }) =>
            odd(
              `The webhook endpoint ${hostOf(url)} was switched off because it ${offReason === 'gone' ? 'answered 410' : 'failed for 5 days'}: fix it, then switch it on again.`,
            ),
          ),
        ...endpoints
          .filter(({ state, failingSince }) => state === 'active' && failingSince)
          .map(({ url, failingSince }) =>
            odd(
              `The webhook endpoint ${hostOf(url)} has failed since ${failingSince?.toISOString() ?? ''}: see why in the list of its deliveries.`,
            ),
          ),
        ...(oldestDue * SECOND > LONGEST_WAIT
          ? [
              odd(
                `A webhook has been due for ${Math.round((oldestDue * SECOND) / MINUTE)} min. Is a worker running? (work)`,
              ),
            ]
          : []),
      ]
      return odds.length > 0 ? odds : [fine(`Webhook endpoints (${endpoints.length}) get their events.`)]
    })
  } catch {
    return [] // the database's own check says what is wrong
  }
}

/** Paths may be secret. */
const hostOf = (url: string): string => new URL(url).host
