import { after } from '../clock.ts'
import { oldestIdOf } from '../database/ids.ts'
import { BY_ID, type RetentionRule } from '../retention/retention-rule.ts'

/**
 * Audit entries are kept, unless the operator decides otherwise. A trigger refuses to delete any that is younger than a
 * year, and every delete without this permit.
 *
 * @param age in milliseconds; null to keep all.
 */
export function auditRetention(now: Date, age: number | null): RetentionRule[] {
  if (age === null) return []
  const limit = after(now, -age)
  return [
    {
      table: 'audit_entries',
      where: 'created_at < ? and id < ?::uuid',
      values: [limit, oldestIdOf(limit)],
      key: BY_ID,
      permit: 'tollgate.retention',
    },
  ]
}
