import { z } from 'zod'
import { DAY, parseDuration } from './platform/durations.ts'
import { duration } from './setting-values.ts'

const LONGEST_STEP = 60 * DAY
const DUNNING_STEPS =
  'must be off, or up to 10 times in rising order of at most 60d, such as 0d,3d,7d, and final as the last one if you like'

/** The steps of dunning: null for `off`. */
const dunning = (byDefault: string) =>
  z
    .string()
    .transform((text, context) => {
      if (text.trim() === 'off') return null
      const names = text.split(',').map((name) => name.trim())
      const hasFinal = names.at(-1) === 'final'
      const reminders = (hasFinal ? names.slice(0, -1) : names).map((name) => ({
        name,
        after: parseDuration(name) ?? -1,
      }))
      const isRising = reminders.every(({ after }, index) => after > (reminders[index - 1]?.after ?? -1))
      const isShort = reminders.every(({ name, after }) => after <= LONGEST_STEP && name.length <= 20)
      if (names.length <= 10 && isRising && isShort) return { reminders, hasFinal }
      context.addIssue(DUNNING_STEPS)
      return z.NEVER
    })
    .prefault(byDefault)

/** What happens when a renewal fails or is late. */
export const renewalEnvironment = {
  PAST_DUE_GRACE: duration('3d').describe('How long access lasts after a renewal payment has failed'),
  DUNNING: dunning('0d,3d,7d,final').describe(
    'When a failed renewal is mailed about: times after it was due, then final, which is sent once no attempt follows. off if Stripe sends such mails',
  ),
  RENEWAL_LEEWAY: duration('2h').describe(
    'How long access lasts after a period’s end while Stripe’s event about the renewal is late',
  ),
}
