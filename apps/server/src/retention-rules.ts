import { accountsRetention } from './accounts/index.ts'
import { authRetention } from './auth/index.ts'
import { billingRetention } from './billing/index.ts'
import type { Config } from './config.ts'
import { eventsRetention } from './events/index.ts'
import { mailRetention } from './mail/index.ts'
import { auditRetention } from './platform/audit/audit.retention.ts'
import { limitsRetention } from './platform/limits/limits.retention.ts'
import type { RetentionRule } from './platform/retention/retention-rule.ts'

/** Everything that may be deleted by now: each slice says what of its own. */
export function retentionRules(config: Config, now: Date): RetentionRule[] {
  return [
    ...limitsRetention(),
    ...authRetention(now, {
      links: config.RETAIN_LINKS,
      refreshTokenTtl: config.REFRESH_TOKEN_TTL,
      accessTokenTtl: config.ACCESS_TOKEN_TTL,
    }),
    ...accountsRetention(now, config.RETAIN_LINKS),
    ...mailRetention(now, config.RETAIN_MAILS),
    ...billingRetention(now, {
      events: config.RETAIN_EVENTS,
      checkouts: config.RETAIN_CHECKOUTS,
      findings: config.RETAIN_FINDINGS,
      history: config.RETAIN_ACCESS_HISTORY,
      links: config.RETAIN_LINKS,
      usageKeys: config.RETAIN_USAGE_KEYS,
      usage: config.RETAIN_USAGE,
    }),
    ...eventsRetention(now, config.RETAIN_FEED),
    ...auditRetention(now, config.RETAIN_AUDIT),
  ]
}
