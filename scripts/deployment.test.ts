import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

test('docker-compose.yml builds stages that the Dockerfile has', () => {
  const dockerfile = read('Dockerfile')
  const compose = read('docker-compose.yml')
  const targets = all(compose, /target: (\w+)/g)
  expect(targets).toEqual(['server'])
  expect(all(dockerfile, /^FROM \S+ AS (\w+)$/gm)).toEqual(expect.arrayContaining(targets))
})

test('the Caddyfile gets the variables that it reads from docker-compose.yml', () => {
  const variables = all(read('deploy/Caddyfile'), /\{\$(\w+)/g)
  const [, proxy = ''] = read('docker-compose.yml').split(/^ {2}proxy:$/m)
  expect(new Set(all(proxy, /^ {6}(\w+): /gm))).toEqual(new Set(variables))
})

test('what Dockerfile and docker-compose.yml take from the repository exists', () => {
  const copied = all(read('Dockerfile'), /^COPY (?!--from)(.+) \S+$/gm).flatMap((paths) => paths.split(' '))
  copied.push(...all(read('docker-compose.yml'), /^ {6}- \.\/(\S+?):/gm))
  expect(copied).toContain('deploy/Caddyfile')
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('the first deployment asks Stripe for the events that the product handles', () => {
  const types = /EVENTS='([^']*)'/.exec(read('docs/operations.md'))?.[1]?.trim().split(/\s+/)
  const handled = all(read('apps/server/src/billing/providers/stripe/event-types.ts'), /^ {2}'([\w.]+)',$/gm)
  expect(handled.length).toBeGreaterThan(20)
  expect(types?.toSorted()).toEqual(handled.toSorted())
})
