import type { Account, PaymobKeys, Secrets } from './secrets.ts'

export interface ServerSurroundings {
  api: string
  web: string
  stripe: string
  oauth: string
  paymob: string
  webhooks: string
  smtp: string
}

/** The server's integrations at the Paymob sandbox: one with 3-D Secure, and one for renewals. */
export const PAYMOB_INTEGRATIONS = { card: '4097558', moto: '4097559' }

/** The server's client ids and secrets at the Google and GitHub sandbox. */
export type OAuthClients = Record<'google' | 'github', { id: string; secret: string }>

export function oauthClients(secrets: Secrets): OAuthClients {
  return {
    google: { id: 'tollgate-at-google', secret: secrets.googleClientSecret },
    github: { id: 'tollgate-at-github', secret: secrets.githubClientSecret },
  }
}

/**
 * The environment for the server's programs, without DATABASE_URL. The caller's settings override these defaults,
 * except that API and console always listen on 127.0.0.1 and on the ports of `api` and `web`.
 *
 * @see docs/contract/configuration.md
 */
export function serverEnvironment(
  given: NodeJS.ProcessEnv,
  secrets: Secrets,
  { api, web, stripe, oauth, paymob, webhooks, smtp }: ServerSurroundings,
) {
  return {
    ACCESS_TOKEN_SECRET: secrets.accessTokenSecret,
    ACCESS_TOKEN_PRIVATE_KEY: secrets.accessTokenKey,
    REFRESH_TOKEN_SECRET: secrets.refreshTokenSecret,
    VALIDATION_TOKEN_SECRET: secrets.validationTokenSecret,
    API_URL: underNameOf(given['WEB_URL'], api),
    WEB_URL: web,
    SMTP_URL: smtp,
    STRIPE_SECRET_KEY: secrets.stripeKey,
    STRIPE_WEBHOOK_SECRET: secrets.webhookSecret,
    STRIPE_API_URL: stripe,
    BILLING_CLOCK_URL: `${stripe}/_/clock`,
    ...paymobSettings(given, paymob, secrets.paymob),
    ...oauthSettings(given, oauth, oauthClients(secrets)),
    SEED_ADMIN_EMAIL: secrets.admin.email,
    SEED_ADMIN_PASSWORD: secrets.admin.password,
    SEED_USER_EMAIL: secrets.user.email,
    SEED_USER_PASSWORD: secrets.user.password,
    SEED_WEBHOOK_URL: `${webhooks}/hooks`,
    SEED_WEBHOOK_SECRET: secrets.receiverSecret,
    ...withoutEmpty(given),
    HOST: '127.0.0.1',
    PORT: new URL(api).port,
    CONSOLE_PORT: new URL(web).port,
  }
}

/**
 * To a browser, `localhost` and `127.0.0.1` are two sites. After a login with Google or GitHub, the API sets its cookie
 * for the name in `API_URL`, and the page at `WEB_URL` must get it.
 */
function underNameOf(webUrl: string | undefined, api: string): string {
  if (!webUrl || !URL.canParse(webUrl) || new URL(webUrl).hostname !== 'localhost') return api
  const url = new URL(api)
  url.hostname = 'localhost'
  return url.origin
}

/** If the caller sets their own secret key, payments go to their account, and nothing here is mixed with it. */
function paymobSettings(given: NodeJS.ProcessEnv, paymob: string, keys: PaymobKeys) {
  if (given['PAYMOB_SECRET_KEY']) return {}
  return {
    PAYMOB_SECRET_KEY: keys.secretKey,
    PAYMOB_PUBLIC_KEY: keys.publicKey,
    PAYMOB_API_KEY: keys.apiKey,
    PAYMOB_HMAC_SECRET: keys.hmacSecret,
    PAYMOB_INTEGRATION_3DS: PAYMOB_INTEGRATIONS.card,
    PAYMOB_INTEGRATION_MOTO: PAYMOB_INTEGRATIONS.moto,
    PAYMOB_URL: paymob,
  }
}

/** If the caller sets their own client, logins go to the real provider, or to the provider that they set. */
function oauthSettings(given: NodeJS.ProcessEnv, oauth: string, { google, github }: OAuthClients) {
  return {
    ...(given['GOOGLE_CLIENT_ID']
      ? {}
      : { GOOGLE_CLIENT_ID: google.id, GOOGLE_CLIENT_SECRET: google.secret, GOOGLE_ISSUER: `${oauth}/google` }),
    ...(given['GITHUB_CLIENT_ID']
      ? {}
      : {
          GITHUB_CLIENT_ID: github.id,
          GITHUB_CLIENT_SECRET: github.secret,
          GITHUB_URL: `${oauth}/github`,
          GITHUB_API_URL: `${oauth}/github/api`,
        }),
  }
}

/** The settings that a program needs to use the stack. */
export function readBack(settings: ReturnType<typeof serverEnvironment>): {
  stripeKey: string
  webhookSecret: string
  admin: Account
  user: Account
} {
  return {
    stripeKey: settings.STRIPE_SECRET_KEY,
    webhookSecret: settings.STRIPE_WEBHOOK_SECRET.split(',')[0]?.trim() ?? '', // the sandbox signs with the first one
    admin: { email: settings.SEED_ADMIN_EMAIL, password: settings.SEED_ADMIN_PASSWORD },
    user: { email: settings.SEED_USER_EMAIL, password: settings.SEED_USER_PASSWORD },
  }
}

/** An empty variable counts as missing, here as in the server. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
