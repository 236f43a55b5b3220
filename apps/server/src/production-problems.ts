import { hostnameIsLoopback } from './platform/http/loopback.ts'

/** The settings that production is particular about. */
export interface ParticularSettings {
  readonly API_URL: string
  readonly WEB_URL: string
  readonly CORS_ORIGINS: readonly string[]
  readonly STRIPE_API_URL?: string | undefined
  readonly BILLING_CLOCK_URL?: string | undefined
  readonly GOOGLE_ISSUER: string
  readonly GITHUB_URL: string
  readonly GITHUB_API_URL: string
  readonly ACCESS_TOKEN_SECRET: readonly string[]
  readonly REFRESH_TOKEN_SECRET: readonly string[]
  readonly VALIDATION_TOKEN_SECRET: readonly string[]
  readonly STRIPE_WEBHOOK_SECRET: readonly string[]
  readonly METRICS_TOKEN?: string | undefined
  readonly SEED_ADMIN_PASSWORD?: string | undefined
  readonly SEED_USER_PASSWORD?: string | undefined
}

/** @param isGiven whether a setting was given, and is not just at its default. */
export function problemsInProduction(settings: ParticularSettings, isGiven: (name: string) => boolean): string[] {
  const problems: string[] = []
  if (settings.STRIPE_API_URL) problems.push('STRIPE_API_URL names a sandbox; production talks to Stripe itself')
  if (settings.BILLING_CLOCK_URL) problems.push('BILLING_CLOCK_URL is for development only')
  for (const name of ['API_URL', 'WEB_URL'] as const) {
    if (!isGiven(name)) problems.push(`${name} is missing: in production it has no default`)
    else if (!isPublic(settings[name])) problems.push(`${name} must be https, and where browsers find it`)
  }
  for (const name of ['GOOGLE_ISSUER', 'GITHUB_URL', 'GITHUB_API_URL'] as const) {
    if (!isPublic(settings[name])) problems.push(`${name} names a sandbox; in production it must be https`)
  }
  if (settings.CORS_ORIGINS.includes('*'))
    problems.push('CORS_ORIGINS must list origins; * would let any site act for a user')
  else if (isGiven('CORS_ORIGINS') && !settings.CORS_ORIGINS.every(isPublic))
    problems.push('CORS_ORIGINS must be https, or whoever is in between could act for a user')
  for (const name of guessableSecrets(settings))
    problems.push(`${name} can be guessed; openssl rand -base64 48 makes a good one`)
  if (settings.STRIPE_WEBHOOK_SECRET.some((secret) => secret.length < SHORTEST_WEBHOOK_SECRET || isGuessable(secret)))
    problems.push('STRIPE_WEBHOOK_SECRET can be guessed, and with it events made up; Stripe tells the endpoint’s own')
  return problems
}

/** Stripe's are of 38 characters, the prefix among them. */
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

/** The settings that hold a secret of our own which somebody could come upon by trying. */
export function guessableSecrets(settings: Pick<ParticularSettings, (typeof SECRETS)[number]>): string[] {
  return SECRETS.filter((name) => [settings[name] ?? []].flat().some(isGuessable))
}

/** What stands in examples, and what fingers or loops make of a keyboard or an alphabet. */
const EXAMPLES =
  /change.?me|secret.*secret|super.?secret|secret.?key|password|passwort|example|default|your[-_ ]|\bmy[-_ ](?:app|super|secret)/i
const RUNS = /012345|123456|987654|abcdef|qwert/i
const REPEATED = /^(.{1,24})\1+$/

/** No random secret looks like this. */
function isGuessable(secret: string): boolean {
  return new Set(secret).size < FEWEST_SIGNS || [EXAMPLES, RUNS, REPEATED].some((pattern) => pattern.test(secret))
}

const FEWEST_SIGNS = 10
