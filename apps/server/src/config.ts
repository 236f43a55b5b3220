import { z } from 'zod'
import { DAY, HOUR, MINUTE, parseDuration, SECOND } from './platform/durations.ts'
import type { Limit } from './platform/rate-limits.ts'

const duration = (byDefault: number) =>
  z
    .string()
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined && ms > 0) return ms
      context.addIssue('must be a duration such as 15m, 24h or 7d')
      return z.NEVER
    })
    .default(byDefault)

const url = z.url('must be an absolute URL').transform((text) => text.replace(/\/+$/, ''))
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const secrets = list.pipe(
  z.array(z.string().refine((secret) => Buffer.byteLength(secret) >= 32, 'must be at least 32 bytes long')).min(1),
)
const rate = (byDefault: Limit) =>
  z
    .string()
    .transform((text, context): Limit => {
      const [points, within] = text.split('/')
      const limit = { points: Number(points), within: parseDuration(within ?? '') ?? 0 }
      if (Number.isInteger(limit.points) && limit.points > 0 && limit.within >= SECOND) return limit
      context.addIssue('must be so many per time, such as 5/1m')
      return z.NEVER
    })
    .default(byDefault)

const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((text) => text === 'true' || text === '1')
const port = z.coerce.number().int().min(0).max(65_535)

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
  HOST: z.string().optional(),
  PORT: port.default(3000),

  ACCESS_TOKEN_SECRET: secrets,
  REFRESH_TOKEN_SECRET: secrets,
  VALIDATION_TOKEN_SECRET: secrets,
  JWT_ALGORITHM: z.enum(['HS256', 'HS384', 'HS512']).default('HS256'),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).default('tollgate'),

  ACCESS_TOKEN_TTL: duration(15 * MINUTE),
  REFRESH_TOKEN_TTL: duration(7 * DAY),
  SESSION_MAX_AGE: duration(90 * DAY),
  REFRESH_REUSE_LEEWAY: duration(10 * SECOND),
  VERIFICATION_TOKEN_TTL: duration(24 * HOUR),
  RESET_TOKEN_TTL: duration(HOUR),
  LOGIN_CODE_TTL: duration(15 * MINUTE),
  SESSION_POLICY: z.enum(['single', 'multiple']).default('single'),
  PAST_DUE_GRACE: duration(3 * DAY),
  RENEWAL_LEEWAY: duration(2 * HOUR),

  API_URL: url.default('http://127.0.0.1:3000'),
  WEB_URL: url.default('http://127.0.0.1:3001'),
  CORS_ORIGINS: list.optional(),
  COOKIE_DOMAIN: z.string().min(1).optional(),
  COOKIE_SAME_SITE: z.enum(['lax', 'strict', 'none']).default('lax'),
  TRUST_PROXY: list.default([]),
  RATE_LIMIT: rate({ points: 5, within: MINUTE }),
  RATE_LIMIT_READS: rate({ points: 120, within: MINUTE }),
  RATE_LIMIT_ENABLED: flag.default(true),
  MAX_BATCH: z.coerce.number().int().min(1).max(100).default(10),

  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' }),
  MAIL_FROM: z.string().min(3).default('Tollgate <no-reply@tollgate.local>'),

  STRIPE_SECRET_KEY: z.string().regex(/^(sk|rk)_(test|live)_\w+$/, 'must be a Stripe secret key (sk_…)'),
  STRIPE_WEBHOOK_SECRET: list.pipe(z.array(z.string().startsWith('whsec_', 'must start with whsec_')).min(1)),
  STRIPE_API_URL: url.optional(),
  CHECKOUT_SUCCESS_URL: url.optional(),
  CHECKOUT_CANCEL_URL: url.optional(),
  BILLING_CLOCK_URL: url.optional(),

  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_ISSUER: url.default('https://accounts.google.com'),
  GITHUB_CLIENT_ID: z.string().min(1).optional(),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional(),
  GITHUB_URL: url.default('https://github.com'),
  GITHUB_API_URL: url.default('https://api.github.com'),

  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters long').optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FILE: z.string().min(1).optional(),

  SEED_ADMIN_EMAIL: z.email().optional(),
  SEED_ADMIN_PASSWORD: z.string().min(8).optional(),
  SEED_USER_EMAIL: z.email().optional(),
  SEED_USER_PASSWORD: z.string().min(8).optional(),
})

type Environment = z.infer<typeof Environment>

/** Every setting of the server, checked. Durations are milliseconds, URLs have no trailing slash. */
export type Config = Omit<Environment, 'CORS_ORIGINS' | 'HOST' | 'JWT_ISSUER'> & {
  CORS_ORIGINS: string[]
  HOST: string
  JWT_ISSUER: string
}

/** Wrong settings, all of them at once, in words for the person who has to mend them. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the whole configuration from the environment; an empty variable counts as missing.
 *
 * @throws {ConfigError} naming every wrong or missing value at once.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = Environment.safeParse(given)
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => {
        const name = String(issue.path[0] ?? '')
        return `${name} ${name in given ? issue.message : 'is missing'}`
      }),
    )
  }

  const settings = result.data
  const config: Config = {
    ...settings,
    HOST: settings.HOST ?? (settings.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    JWT_ISSUER: settings.JWT_ISSUER ?? settings.API_URL,
    CORS_ORIGINS: settings.CORS_ORIGINS ?? [new URL(settings.WEB_URL).origin],
  }
  const problems = [
    ...problemsAnywhere(config),
    ...(config.NODE_ENV === 'production' ? problemsInProduction(config) : []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function problemsAnywhere(config: Config): string[] {
  const problems: string[] = []
  const all = [...config.ACCESS_TOKEN_SECRET, ...config.REFRESH_TOKEN_SECRET, ...config.VALIDATION_TOKEN_SECRET]
  if (new Set(all).size < all.length) {
    problems.push('ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET and VALIDATION_TOKEN_SECRET must all be different')
  }
  if (config.STRIPE_API_URL && config.STRIPE_SECRET_KEY.includes('_live_')) {
    problems.push('STRIPE_SECRET_KEY is a live key and must not be sent to the sandbox at STRIPE_API_URL')
  }
  for (const provider of ['GOOGLE', 'GITHUB'] as const) {
    if (Boolean(config[`${provider}_CLIENT_ID`]) !== Boolean(config[`${provider}_CLIENT_SECRET`])) {
      problems.push(`${provider}_CLIENT_ID and ${provider}_CLIENT_SECRET belong together: one of them is missing`)
    }
  }
  return problems
}

function problemsInProduction(config: Config): string[] {
  const problems: string[] = []
  if (config.STRIPE_API_URL) problems.push('STRIPE_API_URL names a sandbox; production talks to Stripe itself')
  if (config.BILLING_CLOCK_URL) problems.push('BILLING_CLOCK_URL is for development only')
  for (const name of ['GOOGLE_ISSUER', 'GITHUB_URL', 'GITHUB_API_URL'] as const) {
    if (!config[name].startsWith('https://')) problems.push(`${name} names a sandbox; in production it must be https`)
  }
  if (config.CORS_ORIGINS.includes('*'))
    problems.push('CORS_ORIGINS must list origins; * would let any site act for a user')
  if (!config.API_URL.startsWith('https://'))
    problems.push('API_URL must be https, or the refresh cookie would be insecure')
  return problems
}
