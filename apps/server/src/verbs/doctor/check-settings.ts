import type { Config } from '../../config.ts'
import { guessableSecrets } from '../../production-problems.ts'
import { fine, odd, type Finding } from './finding.ts'

/** Finds settings that `readConfig` accepts, but that may not be intended. */
export async function checkSettings(config: Config): Promise<Finding[]> {
  const isProduction = config.NODE_ENV === 'production'
  const findings = [...checkSecrets(config), checkDunning(config)]
  if (!config.RATE_LIMIT_ENABLED)
    findings.push(odd('RATE_LIMIT_ENABLED is false: password guessing is unlimited. Remove this setting.'))
  if (isProduction) findings.push(...checkProduction(config))
  const providers = [...(config.GOOGLE_CLIENT_ID ? ['Google'] : []), ...(config.GITHUB_CLIENT_ID ? ['GitHub'] : [])]
  const logins = ['passwords', 'codes', ...providers].join(', ')
  return [fine(`${config.NODE_ENV}, API ${config.API_URL}, web ${config.WEB_URL}, login with ${logins}`), ...findings]
}

/** Stripe's API doesn't say which mails Stripe sends, so this can only say what must not be on in both places. */
function checkDunning({ DUNNING }: Config): Finding {
  if (DUNNING === null)
    return fine(
      'DUNNING is off: customers hear of a failed renewal only from Stripe, if its own emails about it are on.',
    )
  const steps = [...DUNNING.reminders.map(({ name }) => name), ...(DUNNING.hasFinal ? ['final'] : [])].join(', ')
  return fine(
    `Failed renewals are mailed about from here (${steps}). Stripe’s emails about failed payments and expiring cards must be off in its dashboard, or customers get both.`,
  )
}

function checkSecrets(config: Config): Finding[] {
  const names = [
    'ACCESS_TOKEN_SECRET',
    'REFRESH_TOKEN_SECRET',
    'VALIDATION_TOKEN_SECRET',
    'STRIPE_WEBHOOK_SECRET',
  ] as const
  const signing = config.ACCESS_TOKEN_PRIVATE_KEY
  const rotating = [
    ...names.filter((name) => config[name].length > 1),
    ...(signing && signing.keys.length > 1 ? ['ACCESS_TOKEN_PRIVATE_KEY'] : []),
  ]
  const guessable = guessableSecrets(config)
  return [
    ...guessable.map((name) =>
      odd(`${name} can be guessed, and production refuses it: create one with openssl rand -base64 48.`),
    ),
    ...rotating.map((name) =>
      odd(`${name} still accepts an older secret: remove it once nothing signed with it is in use.`),
    ),
    ...(signing?.onlyVerify
      ? [odd('ACCESS_TOKEN_PRIVATE_KEY signs nothing yet: remove the word hmac once every server has the key.')]
      : []),
    ...(signing && !signing.onlyVerify ? [describeSigning(config)] : []),
    ...(guessable.length > 0 ? [] : [fine('The token secrets are long enough and all different.')]),
  ]
}

function describeSigning({ ACCESS_TOKEN_SECRET: { length } }: Config): Finding {
  const older = length > 0 ? ' Those that ACCESS_TOKEN_SECRET signed are still accepted.' : ''
  return fine(`Access tokens are signed with ES256. Other programs verify them by /.well-known/jwks.json.${older}`)
}

function checkProduction(config: Config): Finding[] {
  return [
    ...(config.TRUST_PROXY.length > 0
      ? []
      : [
          odd(
            'TRUST_PROXY is empty: behind a proxy, all visitors share its address and its limits. Set it to the proxy’s address.',
          ),
        ]),
    ...(config.METRICS_TOKEN
      ? []
      : [odd('METRICS_TOKEN is missing, so /metrics is closed. Set it, and give it to Prometheus.')]),
    ...(config.MAIL_FROM.includes('tollgate.local')
      ? [odd('MAIL_FROM is the default, which mail servers reject. Set your own address.')]
      : []),
  ]
}
