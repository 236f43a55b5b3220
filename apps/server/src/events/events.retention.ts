import { after } from '../platform/clock.ts'
import type { RetentionRule } from '../platform/retention/retention-rule.ts'

/**
 * Events go some time after they got their place in the feed: all that are before the first one to stay.
 *
 * @param age in milliseconds.
 */
export function eventsRetention(now: Date, age: number): RetentionRule[] {
  return [
    {
      table: 'events',
      where: `position < coalesce((select kept.position from events kept
        where kept.position is not null and kept.sequenced_at >= ? order by kept.position limit 1), 9223372036854775807)`,
      values: [after(now, -age)],
      key: [['position', 'bigint']],
    },
  ]
}
