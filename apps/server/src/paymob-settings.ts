import { z } from 'zod'
import { url } from './setting-values.ts'

const integration = z.coerce.number('must be the number of an integration').int('must be the number of an integration')

/** The settings of Paymob, which is off while none of them is set. */
export const paymobEnvironment = {
  PAYMOB_SECRET_KEY: z
    .string()
    .regex(/^(\w+_)?sk_(test|live)_\w+$/, 'must be a Paymob secret key (egy_sk_…)')
    .optional()
    .describe('Plans paid through Paymob: set all six, or none. egy_sk_live_…, or egy_sk_test_… while you try it out'),
  PAYMOB_PUBLIC_KEY: z
    .string()
    .regex(/^(\w+_)?pk_(test|live)_\w+$/, 'must be a Paymob public key (egy_pk_…)')
    .optional()
    .describe('Of the same mode as the secret key'),
  PAYMOB_API_KEY: z.string().min(1).optional().describe('The API key. Paymob has one for both modes'),
  PAYMOB_HMAC_SECRET: z.string().min(1).optional().describe('The HMAC secret, which signs callbacks'),
  PAYMOB_INTEGRATION_3DS: integration
    .optional()
    .describe('The id of the card integration with 3-D Secure, for payments on the checkout page'),
  PAYMOB_INTEGRATION_MOTO: integration.optional().describe('The id of the MOTO integration, for renewals'),
  PAYMOB_URL: url
    .default('https://accept.paymob.com')
    .describe('Paymob’s host in the country of the account; a sandbox is not allowed in production'),
  PAYMOB_MODE: z
    .enum(['test', 'live'], 'must be test or live')
    .optional()
    .describe('The mode that you mean: the server starts only if the keys have it'),
}

type Environment = Readonly<z.infer<z.ZodObject<typeof paymobEnvironment>>>
type Settings = Partial<Environment>

/** The settings that may contradict each other. */
export interface ModeSettings extends Settings {
  readonly STRIPE_SECRET_KEY: string
}

/** What is needed, all of it, to take payments through Paymob. */
const NEEDED = [
  'PAYMOB_SECRET_KEY',
  'PAYMOB_PUBLIC_KEY',
  'PAYMOB_API_KEY',
  'PAYMOB_HMAC_SECRET',
  'PAYMOB_INTEGRATION_3DS',
  'PAYMOB_INTEGRATION_MOTO',
] as const

/** What the adapter needs of the settings. */
export interface PaymobKeys {
  secretKey: string
  publicKey: string
  apiKey: string
  hmacSecret: string
  cardIntegration: number
  motoIntegration: number
  apiUrl: string
}

/** @returns null while Paymob is off. */
export function paymobKeys(config: Settings & Pick<Environment, 'PAYMOB_URL'>): PaymobKeys | null {
  const { PAYMOB_SECRET_KEY: secretKey, PAYMOB_PUBLIC_KEY: publicKey, PAYMOB_API_KEY: apiKey } = config
  const { PAYMOB_HMAC_SECRET: hmacSecret, PAYMOB_URL: apiUrl } = config
  const { PAYMOB_INTEGRATION_3DS: cardIntegration, PAYMOB_INTEGRATION_MOTO: motoIntegration } = config
  if (!secretKey || !publicKey || !apiKey || !hmacSecret || !cardIntegration || !motoIntegration) return null
  return { secretKey, publicKey, apiKey, hmacSecret, cardIntegration, motoIntegration, apiUrl }
}

/** Where Paymob's callbacks and its customers arrive. */
export function paymobAddresses({ API_URL }: { API_URL: string }): { callbackUrl: string; returnUrl: string } {
  return { callbackUrl: `${API_URL}/billing/paymob/callback`, returnUrl: `${API_URL}/billing/paymob/return` }
}

/** Finds settings of Paymob that contradict each other, each in a sentence that says what to fix. */
export function paymobContradictions(config: ModeSettings): string[] {
  const missing = NEEDED.filter((name) => config[name] === undefined)
  if (missing.length === NEEDED.length)
    return config.PAYMOB_MODE ? ['PAYMOB_MODE is set, but the keys of Paymob are not'] : []
  if (missing.length > 0) return [`${missing.join(', ')} missing: Paymob needs ${NEEDED.join(', ')}, or none of them`]

  const problems: string[] = []
  const mode = modeOf(config.PAYMOB_SECRET_KEY)
  if (modeOf(config.PAYMOB_PUBLIC_KEY) !== mode)
    problems.push('PAYMOB_SECRET_KEY and PAYMOB_PUBLIC_KEY must both be test keys, or both be live keys')
  if (config.PAYMOB_MODE && config.PAYMOB_MODE !== mode)
    problems.push(`PAYMOB_MODE is ${config.PAYMOB_MODE}, but PAYMOB_SECRET_KEY is a ${mode} key`)
  // Otherwise anyone could buy with a card of Paymob's examples, or of Stripe's.
  if (modeOf(config.STRIPE_SECRET_KEY) !== mode)
    problems.push('STRIPE_SECRET_KEY and PAYMOB_SECRET_KEY must both be test keys, or both be live keys')
  if (mode === 'live' && config.PAYMOB_URL && !isPaymobs(config.PAYMOB_URL))
    problems.push('PAYMOB_SECRET_KEY is a live key and must not be sent to the sandbox at PAYMOB_URL')
  if (config.PAYMOB_INTEGRATION_3DS === config.PAYMOB_INTEGRATION_MOTO)
    problems.push('PAYMOB_INTEGRATION_3DS and PAYMOB_INTEGRATION_MOTO must be two integrations')
  return problems
}

const modeOf = (key = ''): 'live' | 'test' => (key.includes('_live_') ? 'live' : 'test')

/** Whether a URL is Paymob itself, in whatever country, and not a sandbox. */
export function isPaymobs(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' && hostname.endsWith('.paymob.com')
}
