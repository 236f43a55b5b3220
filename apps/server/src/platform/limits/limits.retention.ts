import type { RetentionRule } from '../retention/retention-rule.ts'

/** Counters of rate limits go when their period is over. Its time is the real one, not that of a test's clock. */
export const limitsRetention = (): RetentionRule[] => [
  {
    table: 'rate_limits',
    where: 'expire < ?',
    values: [Date.now()],
    key: [
      ['expire', 'bigint'],
      ['key', 'text'],
    ],
  },
]
