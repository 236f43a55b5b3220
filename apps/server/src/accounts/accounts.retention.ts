import { after } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { BY_ID, type RetentionRule } from '../platform/retention/retention-rule.ts'

/**
 * Invitations go some time after they were accepted or revoked, or have expired. An expired one can be sent again until
 * then.
 *
 * @param age in milliseconds.
 */
export function accountsRetention(now: Date, age: number): RetentionRule[] {
  const limit = after(now, -age)
  return [
    {
      table: 'invitations',
      where: 'coalesce(ended_at, expires_at) < ? and id < ?::uuid',
      values: [limit, oldestIdOf(limit)],
      key: BY_ID,
    },
  ]
}
