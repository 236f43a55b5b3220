import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import { ENV_EXAMPLE, envExample, requiredInProduction } from './env-example.ts'

const example = readFileSync(ENV_EXAMPLE, 'utf8')

test('.env.example matches the schema (node apps/server/scripts/write-env-example.ts updates it)', () => {
  expect(example).toBe(envExample())
})

describe('the block of .env.example that production requires', () => {
  const [, block = ''] = /^# --- Required in production -+\n(.*?)^# --- /ms.exec(example) ?? []
  const empty = Object.entries(parseEnv(block))
    .filter(([, value]) => value === '')
    .map(([name]) => name)

  /** What someone fills in who reads only the comments. */
  const answer = (name: string): string =>
    ({
      DATABASE_URL: 'postgres://tollgate:hunter2@db.example.com:5432/tollgate',
      API_URL: 'https://api.example.com',
      WEB_URL: 'https://app.example.com',
      SMTP_URL: 'smtps://user:hunter2@smtp.example.com:465',
      STRIPE_SECRET_KEY: `sk_live_${randomBytes(24).toString('hex')}`,
      STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('hex')}`,
    })[name] ?? randomBytes(48).toString('base64')
  const filledIn = Object.fromEntries(empty.map((name) => [name, answer(name)]))

  test('comes first, and is the only place with values to fill in', () => {
    const given = Object.entries(parseEnv(example))
    expect(given.map(([name]) => name)).toEqual(Object.keys(parseEnv(block)))
    expect(empty.toSorted()).toEqual([...requiredInProduction(), 'POSTGRES_PASSWORD'].toSorted())
  })

  test('starts production once its empty values are filled in', () => {
    const config = readConfig({ ...parseEnv(example), ...filledIn })
    expect(config).toMatchObject({ NODE_ENV: 'production', API_URL: 'https://api.example.com' })
  })

  test.each(requiredInProduction())('has %s, without which production does not start', (name) => {
    const start = () => readConfig({ ...parseEnv(example), ...filledIn, [name]: '' })
    expect(start).toThrow(ConfigError)
    expect(start).toThrow(`${name} is missing`)
  })
})
