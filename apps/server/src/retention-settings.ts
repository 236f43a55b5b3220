import { DAY } from './platform/durations.ts'
import { duration, durationOr } from './setting-values.ts'

/** How long rows are kept that are done with. */
export const retentionEnvironment = {
  RETAIN_EVENTS: duration('90d', { atLeast: 35 * DAY }).describe(
    'How long Stripe’s events are kept after they were applied, at least 35d: Stripe can send one again for 30 days',
  ),
  RETAIN_MAILS: duration('365d', { atLeast: 35 * DAY }).describe(
    'How long the record of a sent mail is kept, which prevents a second one; at least RETAIN_EVENTS',
  ),
  RETAIN_CHECKOUTS: duration('90d', { atLeast: 35 * DAY }).describe(
    'How long closed checkout pages and previews of plan changes are kept',
  ),
  RETAIN_FINDINGS: duration('365d').describe(
    'How long it is kept what was found and corrected in a comparison with Stripe',
  ),
  RETAIN_ACCESS_HISTORY: duration('730d', { atLeast: 35 * DAY }).describe(
    'How long it is kept what access depended on, so that `explain` can say why someone had it',
  ),
  RETAIN_USAGE: duration('400d', { atLeast: 35 * DAY }).describe(
    'How long it is kept what was used in a period, month or day, after it has ended',
  ),
  RETAIN_USAGE_KEYS: duration('30d', { atLeast: 2 * DAY }).describe(
    'How long a key of usage gets its first answer again, at least 2d',
  ),
  RETAIN_FEED: duration('30d', { atLeast: 7 * DAY }).describe(
    'How long events for other programs are kept, so that they can be read and delivered again; at least 7d',
  ),
  RETAIN_LINKS: duration('7d').describe('How long a mailed link is kept after its expiry, to say that it has expired'),
  RETAIN_AUDIT: durationOr('forever', 'forever', { atLeast: 365 * DAY }).describe(
    'How long audit entries are kept: forever, or at least 365d',
  ),
}
