import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

test('the compose files build stages that the Dockerfile has, and the last one is the server', () => {
  const targetsOf = (file: string) => all(read(file), /target: ([\w-]+)/g)
  expect(targetsOf('docker-compose.yml')).toEqual(['server'])
  expect(targetsOf('deploy/sandboxes.yml')).toEqual(['stripe-sandbox', 'oauth-sandbox'])
  const stages = all(read('Dockerfile'), /^FROM \S+ AS ([\w-]+)$/gm)
  expect(stages).toEqual(expect.arrayContaining(['server', 'stripe-sandbox', 'oauth-sandbox']))
  expect(stages.at(-1)).toBe('server')
})

test.each(['stripe-sandbox', 'oauth-sandbox'])('the image of the %s gets options that its command has', (name) => {
  const [, service = ''] = read('deploy/sandboxes.yml').split(`  ${name}:\n`)
  const stageOf = (target: string) => read('Dockerfile').split(` AS ${target}\n`)[1]?.split('\n\n')[0] ?? ''
  const used = [
    ...all(service.split('\n\n')[0] ?? '', /(--[\w-]+)=/g),
    ...all(stageOf('sandbox') + stageOf(name), /"--(?!eval)([\w-]+)"/g),
  ]
  const known = all(read(`packages/${name}/src/cli.ts`), /^ {8}'?([\w-]+)'?: \{ type: 'string'/gm)
  expect(used.length).toBeGreaterThan(2)
  expect(known).toEqual(expect.arrayContaining(used.map((option) => option.replace(/^--/, ''))))
})

test('the Caddyfile gets the variables that it reads from docker-compose.yml', () => {
  const variables = all(read('deploy/Caddyfile'), /\{\$(\w+)/g)
  const [, proxy = ''] = read('docker-compose.yml').split(/^ {2}proxy:$/m)
  expect(new Set(all(proxy, /^ {6}(\w+): /gm))).toEqual(new Set(variables))
})

test('deploy/own.yml gives its configuration to every service that runs the server', () => {
  const ofServer = all(read('docker-compose.yml'), /^ {2}([\w-]+):\n {4}<<: \*server$/gm)
  const own = read('deploy/own.yml')
  expect(all(own, /^ {2}([\w-]+): \*own$/gm)).toEqual(ofServer)
  const [folder = ''] = all(own, /OWN_FOLDER:\?.*\}:(\/\w+):ro$/gm)
  expect(all(own, /CONFIG_FILE: (\S+)/g)).toEqual([`${folder}/tollgate.config.ts`])
})

test('the unit of systemd runs the server in the folder that the first deployment builds', () => {
  const [folder] = all(read('docs/operations.md'), /--legacy deploy (\S+)$/gm)
  expect(all(read('deploy/tollgate@.service'), /^WorkingDirectory=(.+)$/gm)).toEqual([folder])
})

test('what Dockerfile and docker-compose.yml take from the repository exists', () => {
  const copied = all(read('Dockerfile'), /^COPY (?!--from)(.+) \S+$/gm).flatMap((paths) => paths.split(' '))
  copied.push(...all(read('docker-compose.yml'), /^ {6}- \.\/(\S+?):/gm))
  expect(copied).toContain('deploy/Caddyfile')
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('each stage of the Dockerfile copies from an earlier one, which makes what is copied', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)
  const names = stages.map((stage) => / AS ([\w-]+)$/m.exec(stage)?.[1] ?? '')
  const copies = stages.flatMap((stage, at) =>
    [...stage.matchAll(/^COPY --from=([\w-]+) (\S+) \S+$/gm)].map(([, from = '', path = '']) => ({ at, from, path })),
  )
  expect(copies.length).toBeGreaterThan(5)
  for (const { at, from, path } of copies) {
    expect(names.slice(0, at), `stage ${from}`).toContain(from)
    // A package's dist is the output of its build; /app is what the stage deploys.
    const made = /^\/repo\/(\S+)\/dist$/.exec(path)?.[1] ?? 'apps/server'
    const { name } = JSON.parse(read(`${made}/package.json`)) as { name: string }
    expect(stages[names.indexOf(from)], `copy of ${path}`).toContain(`--filter ${name}`)
  }
})

test('the README of the Stripe sandbox names the variables of deploy/sandboxes.yml', () => {
  const variables = all(read('deploy/sandboxes.yml'), /\$\{(\w+)/g)
  expect(variables).toEqual(['WEBHOOK_URL', 'WEBHOOK_SECRET'])
  for (const name of variables) expect(read('packages/stripe-sandbox/README.md')).toContain(`\`${name}\``)
})

test('the first deployment asks Stripe for the events that the product handles', () => {
  const types = /EVENTS='([^']*)'/.exec(read('docs/operations.md'))?.[1]?.trim().split(/\s+/)
  const handled = all(read('apps/server/src/billing/providers/stripe/event-types.ts'), /^ {2}'([\w.]+)',$/gm)
  expect(handled.length).toBeGreaterThan(20)
  expect(types?.toSorted()).toEqual(handled.toSorted())
})
