import { isPaymobs } from './paymob-settings.ts'
import { reachesOwnMachine } from './platform/http/address-rules.ts'
import { hostnameIsLoopback } from './platform/http/loopback.ts'

/** The settings with stricter rules in production. */
export interface ParticularSettings {
  readonly API_URL: string
  readonly WEB_URL: string
  readonly CORS_ORIGINS: readonly string[]
  readonly STRIPE_API_URL?: string | undefined
  readonly BILLING_CLOCK_URL?: string | undefined
  readonly PAYMOB_URL: string
  readonly PAYMOB_HMAC_SECRET?: string | undefined
  readonly GOOGLE_ISSUER: string
  readonly GITHUB_URL: string
  readonly GITHUB_API_URL: string
  readonly ACCESS_TOKEN_SECRET: readonly string[]
  readonly REFRESH_TOKEN_SECRET: readonly string[]
  readonly VALIDATION_TOKEN_SECRET: readonly string[]
  readonly STRIPE_WEBHOOK_SECRET: readonly string[]
  readonly METRICS_TOKEN?: string | undefined
  readonly WEBHOOK_NETWORKS: readonly string[]
  readonly SEED_ADMIN_PASSWORD?: string | undefined
  readonly SEED_USER_PASSWORD?: string | undefined
}

/**
 * Finds settings that production refuses.
 *
 * @param isGiven whether a setting was given, or has only its default.
 */
export function problemsInProduction(settings: ParticularSettings, isGiven: (name: string) => boolean): string[] {
  const problems: string[] = []
  if (settings.STRIPE_API_URL) problems.push('STRIPE_API_URL is set to a sandbox; production must use Stripe itself')
  if (!isPaymobs(settings.PAYMOB_URL))
    problems.push('PAYMOB_URL is set to a sandbox; production must use Paymob itself')
  if (settings.PAYMOB_HMAC_SECRET && isGuessable(settings.PAYMOB_HMAC_SECRET))
    problems.push('PAYMOB_HMAC_SECRET can be guessed, so callbacks can be forged; copy it from Paymob')
  if (settings.BILLING_CLOCK_URL) problems.push('BILLING_CLOCK_URL is for development only')
  for (const name of ['API_URL', 'WEB_URL'] as const) {
    if (!isGiven(name)) problems.push(`${name} is missing: in production it has no default`)
    else if (!isPublic(settings[name])) problems.push(`${name} must be an https URL that browsers can reach`)
  }
  for (const name of ['GOOGLE_ISSUER', 'GITHUB_URL', 'GITHUB_API_URL'] as const) {
    if (!isPublic(settings[name])) problems.push(`${name} is set to a sandbox; in production it must be https`)
  }
  if (settings.CORS_ORIGINS.includes('*'))
    problems.push('CORS_ORIGINS must list origins; * would let any site act for a user')
  else if (isGiven('CORS_ORIGINS') && !settings.CORS_ORIGINS.every(isPublic))
    problems.push('CORS_ORIGINS must be https; otherwise an attacker on the network could act for a user')
  if (settings.WEBHOOK_NETWORKS.some(reachesOwnMachine))
    problems.push(
      'WEBHOOK_NETWORKS contains addresses of this machine or its link; an endpoint could reach its databases, or the cloud’s metadata',
    )
  for (const name of guessableSecrets(settings))
    problems.push(`${name} can be guessed; create one with openssl rand -base64 48`)
  if (settings.STRIPE_WEBHOOK_SECRET.some((secret) => secret.length < SHORTEST_WEBHOOK_SECRET || isGuessable(secret)))
    problems.push(
      'STRIPE_WEBHOOK_SECRET can be guessed, so events can be forged; copy the endpoint’s secret from Stripe',
    )
  return problems
}

/** Stripe's secrets have 38 characters, including the prefix. */
const SHORTEST_WEBHOOK_SECRET = 30

function isPublic(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' && !hostnameIsLoopback(hostname)
}

const SECRETS = [
  'ACCESS_TOKEN_SECRET',
  'REFRESH_TOKEN_SECRET',
  'VALIDATION_TOKEN_SECRET',
  'METRICS_TOKEN',
  'SEED_ADMIN_PASSWORD',
  'SEED_USER_PASSWORD',
] as const

/** The settings whose secret an attacker could guess. */
export function guessableSecrets(settings: Pick<ParticularSettings, (typeof SECRETS)[number]>): string[] {
  return SECRETS.filter((name) => [settings[name] ?? []].flat().some(isGuessable))
}

/** Words from examples, and runs of a keyboard or an alphabet. */
const EXAMPLES =
  /change.?me|secret.*secret|super.?secret|secret.?key|password|passwort|example|default|your[-_ ]|\bmy[-_ ](?:app|super|secret)/i
/** A short run of hex digits may stand once: of 40,000 random secrets in hex, about one has a run. */
const RUNS =
  /01234567|12345678|98765432|abcdefg|qwert[yz]|(?:012345|123456|987654|abcdef).*(?:012345|123456|987654|abcdef)/i
const REPEATED = /^(.{1,24})\1+$/

/** Whether a secret does not look random. */
function isGuessable(secret: string): boolean {
  return new Set(secret).size < FEWEST_CHARACTERS || [EXAMPLES, RUNS, REPEATED].some((pattern) => pattern.test(secret))
}

const FEWEST_CHARACTERS = 10
