import { after } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { DAY } from '../platform/durations.ts'
import type { RetentionRule } from '../platform/retention/retention-rule.ts'

/** In milliseconds. */
interface AuthAges {
  /** How long used and expired links are kept, so that a late click gets "expired" and not "no longer valid". */
  links: number
  refreshTokenTtl: number
  accessTokenTtl: number
}

/** What has expired goes: sessions with their tokens, links, codes, and unfinished logins with Google and GitHub. */
export function authRetention(now: Date, { links, refreshTokenTtl, accessTokenTtl }: AuthAges): RetentionRule[] {
  const expired = (table: string, id: string, type: 'uuid' | 'text', limit = now): RetentionRule => ({
    table,
    where: 'expires_at < ?',
    values: [limit],
    key: [
      ['expires_at', 'timestamptz'],
      [id, type],
    ],
  })
  return [
    {
      table: 'refresh_tokens',
      // In the order of issue, for which there is an index. Younger ones have not expired, but for a few whose session
      // has ended; these follow later.
      where: 'expires_at < ? and jti < ?::uuid',
      values: [now, oldestIdOf(after(now, -refreshTokenTtl))],
      key: [['jti', 'uuid']],
    },
    expired('sessions', 'id', 'uuid'),
    {
      table: 'session_ends',
      // By then no access token of the session lives. The day is for readers that come late.
      where: 'recorded_at < ?',
      values: [after(now, -accessTokenTtl - DAY)],
      key: [
        ['recorded_at', 'timestamptz'],
        ['seq', 'bigint'],
      ],
    },
    expired('one_time_tokens', 'jti', 'uuid', after(now, -links)),
    expired('login_codes', 'user_id', 'uuid'),
    expired('oauth_states', 'hash', 'text'),
    expired('oauth_codes', 'hash', 'text'),
  ]
}
