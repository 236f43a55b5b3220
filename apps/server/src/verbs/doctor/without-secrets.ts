import type { Config } from '../../config.ts'

/** What a library says of a failure may repeat what it was given. */
export function withoutSecrets(text: string, config: Config): string {
  return secretsOf(config).reduce((safe, secret) => safe.replaceAll(secret, '…'), text)
}

function secretsOf(config: Config): string[] {
  const passwords = [config.DATABASE_URL, config.SMTP_URL].flatMap((url) => {
    const { password } = new URL(url)
    return [password, decodeURIComponent(password)]
  })
  const all = [
    ...[config.ACCESS_TOKEN_SECRET, config.REFRESH_TOKEN_SECRET, config.VALIDATION_TOKEN_SECRET].flat(),
    ...[
      config.STRIPE_SECRET_KEY,
      ...config.STRIPE_WEBHOOK_SECRET,
      config.GOOGLE_CLIENT_SECRET,
      config.GITHUB_CLIENT_SECRET,
    ],
    ...[config.METRICS_TOKEN, config.SEED_ADMIN_PASSWORD, config.SEED_USER_PASSWORD, ...passwords],
  ]
  return all.flatMap((secret) => secret || [])
}
