import { z } from 'zod'
import { contradictions } from './contradictions.ts'
import { limitsEnvironment } from './limit-settings.ts'
import { misspelledSettings, type Misspelling } from './misspelled-settings.ts'
import { paymobEnvironment } from './paymob-settings.ts'
import { DEFAULT_SENDER } from './platform/brand/brand.ts'
import { connectionOf } from './platform/database/connection.ts'
import { problemsInProduction } from './production-problems.ts'
import { renewalEnvironment } from './renewal-settings.ts'
import { retentionEnvironment } from './retention-settings.ts'
import {
  appRedirects,
  callsPerSecond,
  duration,
  durationOr,
  flag,
  hexColor,
  HOST_NAME,
  list,
  oneOf,
  origins,
  port,
  proxies,
  secrets,
  signingKeys,
  url,
} from './setting-values.ts'
import { STAND_INS } from './stand-ins.ts'
import { OWN_MACHINE, webhookEnvironment, webhookSeedEnvironment } from './webhook-settings.ts'

/** Every setting with its meaning, and its default as it is written in the environment. Generates `.env.example`. */
export const Environment = z.object({
  NODE_ENV: oneOf('development', 'test', 'production')
    .default('development')
    .describe('production refuses weak secrets, sandboxes and http'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL', abort: true })
    .superRefine((text, context) => {
      try {
        connectionOf(text)
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error))
      }
    })
    .describe(
      'PostgreSQL 15 or newer: postgres://user:password@host:5432/database. For TLS, add ?sslmode=verify-full&sslrootcert=/path/ca.pem',
    ),
  HOST: z.string().optional().describe('The address the API listens on: 127.0.0.1, in production 0.0.0.0'),
  PORT: port.default(3000).describe('The port of the API'),

  ACCESS_TOKEN_SECRET: secrets.describe(
    'At least 32 bytes: openssl rand -base64 48. NEW,OLD rotates it: the first signs, all verify. With ACCESS_TOKEN_PRIVATE_KEY it only verifies, and may be empty',
  ),
  ACCESS_TOKEN_PRIVATE_KEY: signingKeys
    .optional()
    .describe(
      'Signs access tokens with ES256, so that other programs can verify them by /.well-known/jwks.json: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER | base64 -w0. A PEM (PKCS 8) or a JWK works as well. NEW,OLD rotates it; hmac,NEW only verifies',
    ),
  REFRESH_TOKEN_SECRET: secrets.describe('Another secret, made the same way'),
  VALIDATION_TOKEN_SECRET: secrets.describe('A third secret, for the links in mails'),
  JWT_ALGORITHM: oneOf('HS256', 'HS384', 'HS512').default('HS256').describe('The algorithm that signs tokens'),
  JWT_ISSUER: z.string().min(1).optional().describe('The issuer in tokens: API_URL unless set'),
  JWT_AUDIENCE: z.string().min(1).default('tollgate').describe('The audience in tokens'),

  ACCESS_TOKEN_TTL: duration('15m').describe('How long an access token is valid'),
  REFRESH_TOKEN_TTL: duration('7d').describe('How long a refresh token is valid; each refresh starts it again'),
  SESSION_MAX_AGE: duration('90d').describe('The maximum age of a session, however often it is refreshed'),
  REFRESH_REUSE_LEEWAY: duration('10s').describe(
    'How long a refresh token still works after it was replaced, for several tabs at once',
  ),
  VERIFICATION_TOKEN_TTL: duration('24h').describe('How long a link that verifies an address is valid'),
  RESET_TOKEN_TTL: duration('1h').describe('How long a link that resets a password is valid'),
  LOGIN_CODE_TTL: duration('15m').describe('How long a login code is valid'),
  SESSION_POLICY: oneOf('single', 'multiple')
    .default('single')
    .describe(
      'single: one device at a time, so a login on the phone logs the laptop out. multiple: several devices at once',
    ),
  ...renewalEnvironment,

  API_URL: url.default('http://127.0.0.1:3000').describe('The API’s address as browsers see it; https in production'),
  WEB_URL: url
    .default('http://127.0.0.1:3001')
    .describe('The address of the web console or of your own frontend; https in production'),
  CONSOLE_PORT: port.default(3001).describe('The port of the console, for `serve --console`'),
  CONSOLE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('The folder of the built console, for `serve --console`: the one of the image unless set'),
  CORS_ORIGINS: origins
    .optional()
    .describe(
      'Origins whose pages may call the API with cookies, comma-separated: the origin of WEB_URL unless set. In development also http pages of localhost and 127.0.0.1',
    ),
  COOKIE_DOMAIN: z
    .string()
    .regex(HOST_NAME, 'must be a domain such as example.com')
    .optional()
    .describe('The domain of the refresh cookie, if several hosts share it'),
  COOKIE_SAME_SITE: oneOf('lax', 'strict', 'none')
    .default('lax')
    .describe('SameSite of the refresh cookie: lax, strict or none'),
  APP_REDIRECT_URIS: appRedirects
    .prefault('')
    .describe(
      'The addresses of your apps that a login with Google or GitHub may lead back to, comma-separated: com.example.app:/login or https://app.example.com/login',
    ),
  TRUST_PROXY: proxies
    .prefault('')
    .describe(
      'The addresses or networks of your proxies, comma-separated. Without it, all visitors share the proxy’s address',
    ),
  ...limitsEnvironment,

  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' })
    .describe('The mail server: smtps://user:password@smtp.example.com:465'),
  MAIL_FROM: z
    .string()
    .min(3)
    .default(DEFAULT_SENDER)
    .describe(
      'The sender of every mail. If it has no name, BRAND_NAME is its name. Without BRAND_NAME, its name is the product’s',
    ),

  BRAND_NAME: z
    .string()
    .trim()
    .min(1)
    .max(60, 'must have at most 60 characters')
    .regex(/^\P{Cc}+$/u, 'must be one line of text')
    .optional()
    .describe('The product’s name on its pages, in mails and in the API’s reference: the name in MAIL_FROM unless set'),
  BRAND_COLOR: hexColor('#0b6b57').describe(
    'The product’s color. Buttons and links get readable tones of it, in light and dark mode',
  ),
  BRAND_LOGO_URL: z
    .url({ protocol: /^https$/, error: 'must be an https URL' })
    .optional()
    .describe('A logo, shown 32 pixels high in place of the name on pages and in mails; https'),
  SUPPORT_EMAIL: z
    .email('must be an email address')
    .optional()
    .describe('Where people get help. Pages and mails show it, and answers to mails go there'),

  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, 'must be a Stripe secret key (sk_…)')
    .describe('sk_live_…, or sk_test_… while you try it out'),
  STRIPE_WEBHOOK_SECRET: list
    .pipe(z.array(z.string().startsWith('whsec_', 'must start with whsec_')).min(1))
    .describe('whsec_… of the webhook endpoint API_URL/billing/stripe/webhook. NEW,OLD while you roll it'),
  STRIPE_API_URL: url.optional().describe('A Stripe sandbox; not allowed in production'),
  PROMOTION_CODES: flag
    .prefault('false')
    .describe('true: customers can enter promotion codes on Stripe’s checkout page'),
  TAX: oneOf('off', 'stripe')
    .default('off')
    .describe('stripe: Stripe Tax computes taxes, and the checkout page asks for the address and tax id'),
  ...paymobEnvironment,
  CHECKOUT_SUCCESS_URL: url
    .optional()
    .describe('Where a customer comes back from a paid checkout: WEB_URL/checkout/success unless set'),
  CHECKOUT_CANCEL_URL: url
    .optional()
    .describe('Where a customer comes back from an abandoned checkout: WEB_URL/checkout/canceled unless set'),
  RECHECK_EVERY: durationOr('off', '1d').describe(
    'How often every live subscription and recent payment is compared with its provider; off for never',
  ),
  RECHECK_CALLS_PER_SECOND: callsPerSecond(5).describe(
    'Maximum calls to a provider for that comparison, all workers together. Stripe allows 100, or 25 in test mode',
  ),
  RECHECK_PAYMENTS: duration('35d').describe('How old a payment may be and still be compared'),
  BILLING_CLOCK_URL: url.optional().describe('The clock of the Stripe sandbox; not allowed in production'),

  GOOGLE_CLIENT_ID: z.string().min(1).optional().describe('Login with Google: set both, or neither'),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_ISSUER: url.default('https://accounts.google.com').describe('Change it only for a sandbox'),
  GITHUB_CLIENT_ID: z.string().min(1).optional().describe('Login with GitHub: set both, or neither'),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional(),
  GITHUB_URL: url.default('https://github.com').describe('Change them only for GitHub Enterprise or a sandbox'),
  GITHUB_API_URL: url.default('https://api.github.com'),

  ...webhookEnvironment,
  ...retentionEnvironment,

  CONFIG_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The file with your own fields, procedures and jobs: tollgate.config.ts in the working directory unless set',
    ),
  METRICS_TOKEN: z
    .string()
    .min(16, 'must be at least 16 characters long')
    .optional()
    .describe(
      'The bearer token that Prometheus sends to /metrics, at least 16 characters. Without it, production hides /metrics',
    ),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
    .default('info')
    .describe('fatal, error, warn, info (one line per request), debug, trace or silent'),
  LOG_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('A file to log to in addition to standard output, rotated daily and at 50 MB'),

  SEED_ADMIN_EMAIL: z
    .email()
    .optional()
    .describe('The accounts that `seed` creates, if email and password are both set'),
  SEED_ADMIN_PASSWORD: z.string().min(8).optional(),
  SEED_USER_EMAIL: z.email().optional(),
  SEED_USER_PASSWORD: z.string().min(8).optional(),
  ...webhookSeedEnvironment,
})

type Environment = z.infer<typeof Environment>

/** With a private key, no secret has to sign access tokens. */
const EnvironmentWithKey = Environment.extend({ ACCESS_TOKEN_SECRET: secrets.default([]) })

/** Every setting of the server, checked. Durations are milliseconds, URLs have no trailing slash. */
export type Config = Omit<Environment, 'CORS_ORIGINS' | 'HOST' | 'JWT_ISSUER' | 'WEBHOOK_NETWORKS'> & {
  CORS_ORIGINS: string[]
  HOST: string
  JWT_ISSUER: string
  WEBHOOK_NETWORKS: string[]
}

/** All wrong settings at once, each in a sentence that says what to fix. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** What each configuration was read from, so that admins can see which settings are set. */
const environments = new WeakMap<Config, Readonly<Record<string, string | undefined>>>()
export const environmentOf = (config: Config) => environments.get(config) ?? {}

/**
 * Reads the whole configuration from the environment; an empty variable counts as missing.
 *
 * @throws {ConfigError} that names every wrong or missing value.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = ('ACCESS_TOKEN_PRIVATE_KEY' in given ? EnvironmentWithKey : Environment).safeParse(given)
  if (result.success) {
    const config = complete(result.data)
    const problems = problemsWith(config, given)
    if (problems.length > 0) throw new ConfigError(problems)
    environments.set(config, env)
    return config
  }

  const wrong = new Map(result.error.issues.map(({ path, message }) => [String(path[0] ?? ''), message]))
  const misspelled = new Map(misspelledIn(env).map(({ name, meant }) => [meant, name]))
  const problems = [...wrong].map(([name, message]) => {
    if (name in given) return `${name} ${message}`
    const other = misspelled.get(name)
    return other === undefined ? `${name} is missing` : `${name} is missing; is ${other} misspelled?`
  })
  // Correct values may still contradict each other. Report that at the same time.
  const right = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)))
  const rest = Environment.safeParse({ ...STAND_INS, ...right })
  const others = rest.success ? problemsWith(complete(rest.data), given) : []
  const isNews = (problem: string) => !problem.split(/\W+/).some((word) => wrong.has(word))
  throw new ConfigError([...problems, ...others.filter(isNews)])
}

/** Variables that are probably misspelled settings, which otherwise have no effect. */
export function misspelledIn(env: Record<string, string | undefined>): Misspelling[] {
  return misspelledSettings(env, Object.keys(Environment.shape))
}

function complete(settings: Environment): Config {
  return {
    ...settings,
    HOST: settings.HOST ?? (settings.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    JWT_ISSUER: settings.JWT_ISSUER ?? settings.API_URL,
    CORS_ORIGINS: settings.CORS_ORIGINS ?? [new URL(settings.WEB_URL).origin],
    WEBHOOK_NETWORKS: settings.WEBHOOK_NETWORKS ?? (settings.NODE_ENV === 'production' ? [] : OWN_MACHINE),
  }
}

function problemsWith(config: Config, given: Record<string, unknown>): string[] {
  if (config.NODE_ENV !== 'production') return contradictions(config)
  return [...contradictions(config), ...problemsInProduction(config, (name) => name in given)]
}
