import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DomainError } from '../platform/errors/errors.ts'
import { reasons } from './reasons.ts'

const SRC = join(import.meta.dirname, '..')
const sources = globSync('**/*.ts', { cwd: SRC, exclude: ['**/*.test.ts'] })
const isErrorModule = (path: string) => path.endsWith('.errors.ts') || path === 'platform/errors/errors.ts'

test('each reason has one code, one HTTP status, and a sentence that fits into a table', () => {
  const all = reasons()
  expect(new Set(all.map(({ reason }) => reason)).size).toBe(all.length)
  for (const { reason, httpStatus, when } of all) {
    expect(reason).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/)
    expect(httpStatus).toBeGreaterThanOrEqual(400)
    expect(when).toMatch(/^[A-Z`][^|\n]*\.$/)
  }
})

test('the reason of every error class is listed', async () => {
  const listed = new Set(reasons().map(({ reason }) => reason))
  for (const path of sources.filter(isErrorModule)) {
    const module: object = await import(join(SRC, path))
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || !(value.prototype instanceof DomainError)) continue
      const error: unknown = Reflect.construct(value, [])
      expect([name, error instanceof DomainError && listed.has(error.reason)]).toEqual([name, true])
    }
  }
})

test('error classes are declared only in modules that are searched for reasons', () => {
  const declaring = sources.filter((path) => /extends DomainError\b/.test(readFileSync(join(SRC, path), 'utf8')))
  // The reasons of a configuration file are in that file.
  const own = 'extension/kit/own-error.ts'
  expect(declaring.filter((path) => !isErrorModule(path) && path !== own)).toEqual([])
})
