import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { withoutSecrets } from './without-secrets.ts'

const configWith = (settings: Record<string, string>) =>
  readConfig({
    DATABASE_URL: 'postgres://tollgate:gate@db.example.com/tollgate',
    ACCESS_TOKEN_SECRET: 'k3Jx9QmZr7Vt2LbN8wPyG5hDcF4aUe6S',
    REFRESH_TOKEN_SECRET: 'p8Wd2YfKz5Rj7MvC3nTbQ9xGh6LsEa4U',
    VALIDATION_TOKEN_SECRET: 'v6Bt4NcXq9Hm3ZkS7gRwJ2yFp8DeUa5L',
    SMTP_URL: 'smtp://mailer:p4ss%23w0rd@smtp.example.com',
    STRIPE_SECRET_KEY: 'sk_test_abcdefghijklmnop',
    STRIPE_WEBHOOK_SECRET: 'whsec_abcdefghijklmnopqrst',
    ...settings,
  })

test.each([
  ['a password that is an ordinary word stays a word', 'tollgate at db.example.com, the gate', undefined],
  [
    'a password in a URL is masked, even one of another server',
    'no answer from postgres://tollgate:gate@db.example.com/tollgate or smtp://a:b@c',
    'no answer from postgres://tollgate:…@db.example.com/tollgate or smtp://a:…@c',
  ],
  ['a password with digits is masked', 'refused: "p4ss#w0rd"', 'refused: "…"'],
  ['its encoded form is masked, too', 'refused: p4ss%23w0rd', 'refused: …'],
  ['a long secret is masked anywhere', 'keysk_test_abcdefghijklmnopx', 'key…x'],
])('%s', (_what, text, masked) => {
  expect(withoutSecrets(text, configWith({}))).toBe(masked ?? text)
})

test('a short password is not masked inside a word or number', () => {
  const config = configWith({ DATABASE_URL: 'postgres://tollgate:18@db.example.com/tollgate' })
  expect(withoutSecrets('PostgreSQL 180.4 at port 5418: 18', config)).toBe('PostgreSQL 180.4 at port 5418: …')
})

test('a private key is masked in every form', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const config = configWith({ ACCESS_TOKEN_PRIVATE_KEY: JSON.stringify(privateKey.export({ format: 'jwk' })) })
  expect(withoutSecrets(`of ${d}: ${pem.trim()}`, config)).toBe(
    'of …: -----BEGIN PRIVATE KEY-----\n…\n…\n…\n-----END PRIVATE KEY-----',
  )
})
