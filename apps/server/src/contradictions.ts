import { paymobContradictions, type ModeSettings } from './paymob-settings.ts'

/** The settings that may contradict each other. */
interface Settings extends ModeSettings {
  readonly ACCESS_TOKEN_SECRET: readonly string[]
  readonly ACCESS_TOKEN_PRIVATE_KEY?: { readonly onlyVerify: boolean } | undefined
  readonly REFRESH_TOKEN_SECRET: readonly string[]
  readonly VALIDATION_TOKEN_SECRET: readonly string[]
  readonly STRIPE_API_URL?: string | undefined
  readonly GOOGLE_CLIENT_ID?: string | undefined
  readonly GOOGLE_CLIENT_SECRET?: string | undefined
  readonly GITHUB_CLIENT_ID?: string | undefined
  readonly GITHUB_CLIENT_SECRET?: string | undefined
  readonly SEED_WEBHOOK_URL?: string | undefined
  readonly SEED_WEBHOOK_SECRET?: string | undefined
  readonly RETAIN_EVENTS: number
  readonly RETAIN_MAILS: number
}

/** Finds settings that contradict each other, each in a sentence that says what to fix. */
export function contradictions(config: Settings): string[] {
  const problems: string[] = []
  const all = [...config.ACCESS_TOKEN_SECRET, ...config.REFRESH_TOKEN_SECRET, ...config.VALIDATION_TOKEN_SECRET]
  if (new Set(all).size < all.length) {
    problems.push('ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET and VALIDATION_TOKEN_SECRET must all be different')
  }
  if (config.ACCESS_TOKEN_PRIVATE_KEY?.onlyVerify && config.ACCESS_TOKEN_SECRET.length === 0) {
    problems.push('ACCESS_TOKEN_SECRET is missing: it signs while ACCESS_TOKEN_PRIVATE_KEY begins with hmac')
  }
  if (config.STRIPE_API_URL && config.STRIPE_SECRET_KEY.includes('_live_')) {
    problems.push('STRIPE_SECRET_KEY is a live key and must not be sent to the sandbox at STRIPE_API_URL')
  }
  if (config.RETAIN_MAILS < config.RETAIN_EVENTS) {
    problems.push('RETAIN_MAILS must be at least RETAIN_EVENTS, or an event that is applied again could mail again')
  }
  for (const provider of ['GOOGLE', 'GITHUB'] as const) {
    if (Boolean(config[`${provider}_CLIENT_ID`]) !== Boolean(config[`${provider}_CLIENT_SECRET`])) {
      problems.push(`${provider}_CLIENT_ID and ${provider}_CLIENT_SECRET belong together: one of them is missing`)
    }
  }
  if (Boolean(config.SEED_WEBHOOK_URL) !== Boolean(config.SEED_WEBHOOK_SECRET)) {
    problems.push('SEED_WEBHOOK_URL and SEED_WEBHOOK_SECRET belong together: one of them is missing')
  }
  return [...problems, ...paymobContradictions(config)]
}
