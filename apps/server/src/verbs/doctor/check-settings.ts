import type { Config } from '../../config.ts'
import { guessableSecrets } from '../../production-problems.ts'
import { fine, odd, type Finding } from './finding.ts'

/** What `readConfig` lets through, and yet may not be meant. */
export async function checkSettings(config: Config): Promise<Finding[]> {
  const isProduction = config.NODE_ENV === 'production'
  const findings = [...checkSecrets(config)]
  if (!config.RATE_LIMIT_ENABLED)
    findings.push(odd('RATE_LIMIT_ENABLED is false: anybody may guess passwords as fast as he can. Take it out.'))
  if (isProduction) findings.push(...checkProduction(config))
  const providers = [...(config.GOOGLE_CLIENT_ID ? ['Google'] : []), ...(config.GITHUB_CLIENT_ID ? ['GitHub'] : [])]
  const logIns = ['passwords', 'codes', ...providers].join(', ')
  return [fine(`${config.NODE_ENV}, API ${config.API_URL}, web ${config.WEB_URL}, log-in by ${logIns}`), ...findings]
}

function checkSecrets(config: Config): Finding[] {
  const names = [
    'ACCESS_TOKEN_SECRET',
    'REFRESH_TOKEN_SECRET',
    'VALIDATION_TOKEN_SECRET',
    'STRIPE_WEBHOOK_SECRET',
  ] as const
  const rotating = names.filter((name) => config[name].length > 1)
  const guessable = guessableSecrets(config)
  return [
    ...guessable.map((name) =>
      odd(`${name} can be guessed, and production would refuse it: openssl rand -base64 48 makes a good one.`),
    ),
    ...rotating.map((name) =>
      odd(`${name} still accepts an older one: take it away once nothing signed with it is in use.`),
    ),
    ...(guessable.length > 0 ? [] : [fine('The token secrets are long enough and all different.')]),
  ]
}

function checkProduction(config: Config): Finding[] {
  return [
    ...(config.TRUST_PROXY.length > 0
      ? []
      : [
          odd(
            'TRUST_PROXY is empty: behind a proxy, all visitors share its address and its limits. Name your proxy’s address.',
          ),
        ]),
    ...(config.METRICS_TOKEN
      ? []
      : [odd('METRICS_TOKEN is missing: nobody can read /metrics. Set it, and give it to Prometheus.')]),
    ...(config.MAIL_FROM.includes('tollgate.local')
      ? [odd('MAIL_FROM is the default, which no mail server knows. Set your own address.')]
      : []),
  ]
}
