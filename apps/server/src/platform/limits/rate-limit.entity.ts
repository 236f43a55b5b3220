import { defineEntity, p } from '@mikro-orm/core'

/** The counters of the rate limits. */
const RateLimitSchema = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limits',
  properties: {
    key: p.string().length(255).primary(),
    points: p.integer().default(0),
    /** Unix time in milliseconds. */
    expire: p.bigint('number').nullable().index('rate_limits_expire'),
  },
})

export class RateLimit extends RateLimitSchema.class {}
RateLimitSchema.setClass(RateLimit)
