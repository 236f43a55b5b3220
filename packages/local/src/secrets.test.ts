import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keepSecrets } from './secrets.ts'

const place = mkdtempSync(join(tmpdir(), 'tollgate-secrets-'))
const file = join(place, 'secrets.json')
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('secrets are generated once, stay the same, differ, and only their owner can read them', () => {
  const first = keepSecrets(place)
  expect(keepSecrets(place)).toEqual(first)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(new Set([first.accessTokenSecret, first.refreshTokenSecret, first.validationTokenSecret]).size).toBe(3)
  const key = Buffer.from(first.accessTokenKey, 'base64')
  expect(createPrivateKey({ key, format: 'der', type: 'pkcs8' }).asymmetricKeyDetails).toEqual({
    namedCurve: 'prime256v1',
  })
})

test('a secret that a newer version needs is added to the existing ones', () => {
  const { user, ...older } = keepSecrets(place)
  writeFileSync(file, JSON.stringify(older))
  const completed = keepSecrets(place)
  expect(completed).toMatchObject(older)
  expect(completed.user.email).toBe(user.email)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(completed)
})

test('a damaged file causes an error and is not overwritten', () => {
  writeFileSync(file, '{')
  expect(() => keepSecrets(place)).toThrow('secrets.json is damaged')
  expect(readFileSync(file, 'utf8')).toBe('{')
})
