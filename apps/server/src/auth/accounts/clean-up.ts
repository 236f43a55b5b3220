import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { AuthScope } from '../auth-scope.ts'

/** Maximum rows per statement, so that no lock is held for long. */
const RANGE_SIZE = 5_000

/** How long used and expired links are kept, so that a late click gets “expired” and not “no longer valid”. */
const KEPT_TOKENS = 7 * DAY

/**
 * Removes expired rows: sessions with their tokens, refresh tokens, links, codes, unfinished OAuth logins, and counters
 * of rate limits. It works in ranges: if it is stopped, the next run continues.
 *
 * @returns the number of removed rows in each table.
 */
export async function cleanUpAuth({ em, clock, log }: AuthScope): Promise<Record<string, number>> {
  const now = clock.now()
  const removed = {
    refresh_tokens: await removeRanges('refresh_tokens', 'expires_at < ?', now),
    sessions: await removeRanges('sessions', 'expires_at < ?', now),
    one_time_tokens: await removeRanges('one_time_tokens', 'expires_at < ?', after(now, -KEPT_TOKENS)),
    login_codes: await removeRanges('login_codes', 'expires_at < ?', now),
    oauth_states: await removeRanges('oauth_states', 'expires_at < ?', now),
    rate_limits: await removeRanges('rate_limits', 'expire < ?', Date.now()),
  }
  log.info({ removed }, 'expired rows removed')
  return removed

  async function removeRanges(table: string, condition: string, limit: Date | number): Promise<number> {
    let total = 0
    for (;;) {
      const rows = await em.execute<{ count: string }[]>(
        `with gone as (
           delete from ${table} where ctid in (select ctid from ${table} where ${condition} limit ?) returning 1
         ) select count(*) as count from gone`,
        [limit, RANGE_SIZE],
      )
      const count = Number(rows[0]?.count ?? 0)
      total += count
      if (count < RANGE_SIZE) return total
    }
  }
}
