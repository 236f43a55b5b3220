import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAsDocumented, operationsOf, readDocument, responseOf, schemaChecker } from '../../test/openapi.ts'
import { aPaymobPlan } from '../../test/paymob-purchases.ts'
import { PAYMOB_PLAN } from '../../test/rest/callers.ts'
import { stages } from '../../test/rest/stages.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { seedPlans } from '../billing/plans/seed-plans.ts'
import { REQUEST_TIMEOUT } from '../platform/http/http-server.ts'
import { createAppRouter } from '../router.ts'
import { createServiceRouter } from '../service/index.ts'
import { queues } from '../worker.ts'
import { leftOut } from './left-out.ts'
import type { OpenApiDocument } from './openapi-types.ts'
import { operations } from './operations.ts'
import { restPage, restProblems } from './rest-table.ts'
import { serviceOperations } from './service-operations.ts'

const REST = { operations: [...operations, ...serviceOperations], leftOut }

let app: TestApp
let document: OpenApiDocument
let check: ReturnType<typeof schemaChecker>
beforeAll(async () => {
  const github = { GITHUB_CLIENT_ID: 'x', GITHUB_CLIENT_SECRET: 'x' }
  app = await createTestApp({ ...github, APP_REDIRECT_URIS: 'com.example.app:/login' }, { paymob: true })
  await seedPlans(app.scope())
  await aPaymobPlan(app, PAYMOB_PLAN, 90_000)
  document = await readDocument(app)
  check = schemaChecker(document)
})
afterAll(() => app[Symbol.asyncDispose]())

test('every procedure is in REST, or has a reason why not', () => {
  const routers = [createAppRouter({ ...app.deps, queues }), createServiceRouter(app.deps)]
  const procedures = routers.flatMap((router) => Object.keys(Object(router._def.procedures)))
  expect(procedures).toContain('billing.subscriptions.change')
  expect(restProblems(procedures, REST)).toEqual([])
})

test('a missing procedure and a superfluous reason are found', () => {
  const tables = {
    operations: REST.operations.filter(({ procedure }) => procedure !== 'auth.me'),
    leftOut: [{ because: 'x', procedures: ['auth.login', 'auth.logIn'] }],
  }
  expect(restProblems(['auth.login', 'auth.me'], tables)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^auth\.me is not in REST/),
      expect.stringMatching(/^auth\.login is in REST/),
      'There is no procedure auth.logIn.',
    ]),
  )
})

test('the document has the operations of the contract, with their status, and no other', () => {
  const described = operationsOf(document).map(({ method, path, operation }) => {
    const success = Object.keys(operation.responses).filter((status) => Number(status) < 400)
    return `${method} ${path} ${success.join(' ')}`
  })
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/contract/rest-table.md'), 'utf8')
  const contract = [...page.matchAll(/^\| `(\w+ \S+)`(?: \((\d+)\))? \|/gm)].map(
    ([, route, status = '200']) => `${route} ${status}`,
  )
  expect(described.toSorted()).toEqual([...contract, 'GET /verify 303'].toSorted())
  expect(page).toBe(restPage(REST))
})

test('the document passes the recommended rules of Redocly', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'no-server-example.com': 'off' }, // a test's server runs on this machine
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
  // A redirect has no 2xx response.
  const ofRedirect = /^operation-2xx-response #\/paths\/~1verify\/get/
  expect(found.filter((problem) => !ofRedirect.test(problem))).toEqual([])
})

test('every operation has the response to a request that takes too long to arrive', () => {
  const { httpStatus, ...error } = REQUEST_TIMEOUT
  const problems = operationsOf(document).map(({ operation }) => {
    const schema = responseOf(document, operation, httpStatus).content?.['application/json'].schema
    return schema ? check(schema, { error }) : 'missing'
  })
  expect(problems.filter((problem) => problem !== null)).toEqual([])
})

test('the redirect lists every status, and the document names a contact', () => {
  const { operation } = operationsOf(document).find(({ id }) => id === 'openVerifyPage') ?? {}
  expect(Object.keys(operation?.responses ?? {})).toEqual(['303', '408', '500'])
  expect(document.info.contact.url).toBe(app.deps.config.WEB_URL)
})

test('no pattern needs the flag u', () => {
  expect(JSON.stringify(document)).not.toMatch(/\\\\[pP]\{/)
})

test('every example matches its schema', () => {
  const misfits = operationsOf(document).flatMap(({ id, operation }) => {
    const bodies = [
      operation.requestBody?.content,
      ...Object.keys(operation.responses).map((status) => responseOf(document, operation, Number(status)).content),
    ]
    const examples = bodies.flatMap((content) => {
      const { schema, example, examples: named = {} } = content?.['application/json'] ?? { schema: undefined }
      const values = [...(example === undefined ? [] : [example]), ...Object.values(named).map(({ value }) => value)]
      return schema ? values.map((value) => ({ schema, value })) : []
    })
    const parameters = (operation.parameters ?? []).flatMap(({ schema, example }) =>
      example === undefined ? [] : [{ schema, value: example }],
    )
    return [...examples, ...parameters].flatMap(({ schema, value }) => {
      const wrong = check(schema, value)
      return wrong ? [`${id}: ${wrong}`] : []
    })
  })
  expect(misfits).toEqual([])
})

describe('a call with its documented example gets the documented answer:', () => {
  test.each(Object.entries(stages))('%s', async (id, stage) => {
    const documented = operationsOf(document).find((operation) => operation.id === id)
    if (!documented) throw new Error(`The document has no ${id}.`)
    const { caller, own } = await stage(app)
    const response = await callAsDocumented(app, documented, caller, own)
    const text = await response.text()
    if (!response.ok && response.status !== 303) throw new Error(text)
    const { content } = responseOf(document, documented.operation, response.status)
    if (!content) expect(text.startsWith('{')).toBe(false)
    else expect(check(content['application/json'].schema, JSON.parse(text))).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('every operation is called', () => {
    expect(Object.keys(stages).toSorted()).toEqual(
      operationsOf(document)
        .map(({ id }) => id)
        .toSorted(),
    )
  })
})

test('the page for people needs no other file', async () => {
  const response = await fetch(`${app.url}/docs`)
  const page = await response.text()
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(response.headers.get('content-type')).toContain('text/html')
  const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64') // as a browser does before it applies the style
  expect(style).toContain('font:')
  expect(policy).toMatch(/^default-src 'none';style-src /)
  expect(policy).toContain(`style-src 'sha256-${hash}';`)
  const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? ''
  const scriptHash = createHash('sha256').update(script).digest('base64')
  expect(policy).toContain(`script-src 'sha256-${scriptHash}';`)
  expect(policy).not.toContain('unsafe')
  expect(page).not.toMatch(/<link|<img|\ssrc=|\sstyle=/)
  for (const { id } of operationsOf(document)) expect(page).toContain(`<article id="${id}">`)
})

test('the root says where to go, as a page to a browser and as JSON to programs', async () => {
  const asProgram = await fetch(app.url)
  expect([asProgram.status, await asProgram.json()]).toMatchObject([200, { links: { web: 'http://console.test' } }])
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
  const asBrowser = await fetch(app.url, { headers: browser })
  expect(asBrowser.headers.get('content-type')).toContain('text/html')
  expect(asBrowser.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  const page = await asBrowser.text()
  for (const path of ['/docs', '/openapi.json', '/readyz']) {
    const [, href = ''] = new RegExp(`href="([^"]*${path})"`).exec(page) ?? []
    expect([path, (await fetch(`${app.url}${new URL(href).pathname}`)).status]).toEqual([path, 200])
  }
})
