import type { Config } from '../../config.ts'
import { readFeedBacklog } from '../../events/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, type Finding } from './finding.ts'

const LONGEST_WAIT = 5 * MINUTE

/** Checks that events get their places in the feed. Without one, no other program learns of them. */
export async function checkEvents(config: Config): Promise<Finding[]> {
  try {
    return await askDatabase(config, async (em) => {
      const { held, objects, oldest } = await readFeedBacklog(em, systemClock.now())
      const minutes = Math.round((oldest * SECOND) / MINUTE)
      if (held > 0) {
        const names = objects.map(({ kind, id }) => `${kind} ${id}`).join(', ')
        return [
          odd(
            `Events can’t be presented, so they wait (${held}), for example those of ${names}. The log says why: look for “an event can not be presented”.`,
          ),
        ]
      }
      return oldest * SECOND > LONGEST_WAIT
        ? [odd(`An event has waited for its place in the feed for ${minutes} min. Is a worker running? (work)`)]
        : [fine('Events get their places in the feed.')]
    })
  } catch {
    return [] // the database's own check says what is wrong
  }
}
