import { after } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { BY_ID, type RetentionRule } from '../platform/retention/retention-rule.ts'

/**
 * A mail's row keeps a second mail about the same fact from being sent. So it stays longer than the events that can
 * cause one. A mail that was not sent yet stays.
 *
 * @param age in milliseconds, since it was sent.
 */
export function mailRetention(now: Date, age: number): RetentionRule[] {
  const limit = after(now, -age)
  return [{ table: 'mails', where: 'sent_at < ? and id < ?::uuid', values: [limit, oldestIdOf(limit)], key: BY_ID }]
}
