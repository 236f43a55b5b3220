// @vitest-environment jsdom
import type { QueryClient } from '@tanstack/react-query'
import { reasonText } from '@tollgate/client'
import { createElement, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useSession, type AccountChoice } from '../src/index.ts'
import { Application, aQueryClient, FreeTrial, Switcher, Usage } from './application.tsx'
import { fakeBackend } from './fake-backend.ts'

/** Longer than Vitest waits by default, for a busy machine. */
const PATIENT = { timeout: 20_000 }
const ENTITLEMENTS = 'billing.entitlements'

let backend: ReturnType<typeof fakeBackend>
let roots: Root[] = []
beforeEach(() => {
  backend = fakeBackend()
})
afterEach(() => {
  for (const root of roots) root.unmount()
  roots = []
  document.body.replaceChildren()
})

interface Options {
  choice?: AccountChoice
  queryClient?: QueryClient
  children?: ReactNode
}

/** A tab of the browser, with the application in it. */
function openTab({ choice = {}, ...rest }: Options = {}) {
  const client = backend.client()
  const element = document.body.appendChild(document.createElement('div'))
  const root = createRoot(element)
  roots.push(root)
  const show = (chosen: AccountChoice) => root.render(createElement(Application, { ...rest, ...chosen, client }))
  show(choice)
  return {
    client,
    show,
    text: (id: string) => element.querySelector(`#${id}`)?.textContent,
    click: (selector: string) => element.querySelector<HTMLElement>(selector)?.click(),
    logIn: async (email: string) => client.api.auth.login.mutate({ email, password: '-' }),
  }
}

type Tab = ReturnType<typeof openTab>

async function adasTab(options: Options = {}): Promise<Tab> {
  backend.cookie = 'ada'
  const tab = openTab(options)
  await expect.poll(() => tab.text('user'), PATIENT).toBe('ada')
  await expect.poll(() => tab.text('projects'), PATIENT).toBe('1 of 10')
  return tab
}

describe('the session', () => {
  test('a visitor is asked to log in, and then sees their page', async () => {
    const answer = backend.hold('auth.restore')
    const tab = openTab()
    await expect.poll(() => tab.text('page'), PATIENT).toBe('loading')
    answer()
    await expect.poll(() => tab.text('page'), PATIENT).toBe('Please log in. ')
    await tab.logIn('ada')
    await expect.poll(() => tab.text('user'), PATIENT).toBe('ada')
    await expect.poll(() => tab.text('account'), PATIENT).toBe('ada')
    expect(backend.calls.filter((path) => path === 'auth.restore')).toHaveLength(1)
  })

  test('anyone sees the plans', async () => {
    const tab = openTab()
    await expect.poll(() => tab.text('plans'), PATIENT).toBe('Pro')
  })

  test('a logout shows the login page here and in the other tab', async () => {
    const tab = await adasTab()
    const other = await adasTab()
    tab.click('#log-out')
    await expect.poll(() => tab.text('page'), PATIENT).toBe('Please log in. ')
    await expect.poll(() => other.text('page'), PATIENT).toContain('Please log in.')
    expect(other.text('projects')).toBeUndefined()
  })

  test('a login as someone else in another tab shows none of their data here', async () => {
    const tab = await adasTab()
    const other = await adasTab()
    await other.logIn('bob')
    await expect.poll(() => other.text('user'), PATIENT).toBe('bob')
    await expect.poll(() => tab.text('page'), PATIENT).toBe(`Please log in. ${reasonText('REPLACED')}`)
  })

  test('says that the backend cannot be reached, and tries again on request', async () => {
    backend.cookie = 'ada'
    backend.isReachable = false
    const tab = openTab()
    await expect.poll(() => tab.text('page'), PATIENT).toContain('Try again')
    backend.isReachable = true
    tab.click('button')
    await expect.poll(() => tab.text('user'), PATIENT).toBe('ada')
  })

  test('the next user of a tab finds nothing of the last one: no data, no choice, nothing typed', async () => {
    const queryClient = aQueryClient()
    const tab = await adasTab({ queryClient })
    tab.click('#type')
    tab.click('#to-team')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('7 of 10')
    await expect.poll(() => tab.text('type'), PATIENT).toBe('typed something')
    backend.members = ['ada', 'bob']
    const answer = backend.hold('billing.entitlements')
    await tab.logIn('bob')
    await expect.poll(() => tab.text('user'), PATIENT).toBe('bob')
    expect([tab.text('projects'), tab.text('type')]).toEqual(['loading', 'typed nothing'])
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ queryKey }) => queryKey),
      ),
    ).not.toContain('ada')
    answer()
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('2 of 10')
    await expect.poll(() => tab.text('account'), PATIENT).toBe('bob')
  })
})

describe('the account', () => {
  test('switching shows the data of the new account only, and tells the backend nothing else', async () => {
    const tab = await adasTab()
    const answer = backend.hold('billing.entitlements')
    tab.click('#to-team')
    await expect.poll(() => tab.text('account'), PATIENT).toBe('The team')
    expect(tab.text('projects')).toBe('loading')
    answer()
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('7 of 10')
    tab.click('#to-ada')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('1 of 10')
    const calls = ['auth.restore', 'billing.plans.list', 'accounts.list', 'billing.entitlements']
    expect(backend.calls.filter((path) => !calls.includes(path))).toEqual([])
  })

  test('the application may keep the choice, as in the URL; null is the personal account', async () => {
    const chosen: (string | null)[] = []
    const onAccountChange = (id: string | null) => chosen.push(id)
    const tab = await adasTab({ choice: { accountId: null, onAccountChange } })
    tab.click('#to-team')
    expect(tab.text('account')).toBe('ada')
    tab.show({ accountId: 'team', onAccountChange })
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('7 of 10')
    tab.click('#to-ada')
    expect(chosen).toEqual(['team', null])
  })

  test('of others is not found, and neither is one that the user has left', async () => {
    const tab = await adasTab()
    tab.click('#to-team')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('7 of 10')
    backend.members = []
    tab.click('#refresh')
    await expect.poll(() => tab.text('account'), PATIENT).toBe('no account team')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('ACCOUNT_NOT_FOUND Try again')
    tab.click('#to-ada')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('1 of 10')
  })
})

describe('an entitlement', () => {
  test('stays while the backend cannot be reached, and is up to date afterwards, as are the plans', async () => {
    const tab = await adasTab()
    backend.isReachable = false
    const before = backend.calls.length
    tab.click('#refresh')
    await expect
      .poll(() => backend.calls.slice(before).filter((path) => path === ENTITLEMENTS), PATIENT)
      .toHaveLength(3)
    expect(tab.text('projects')).toBe('1 of 10')
    backend.isReachable = true
    backend.used.set('ada', 10)
    backend.plan = 'Pro, at a new price'
    tab.click('#refresh')
    await expect.poll(() => tab.text('projects'), PATIENT).toBe('10 of 10, no more')
    await expect.poll(() => tab.text('plans'), PATIENT).toBe('Pro, at a new price')
  })

  test('of a feature that no plan has is not found, and never allowed', async () => {
    backend.cookie = 'ada'
    const page = (feature: string) => createElement('p', { id: 'it' }, createElement(Usage, { feature }))
    for (const feature of ['exprots', 'constructor']) {
      const tab = openTab({ children: page(feature) })
      await expect.poll(() => tab.text('it'), PATIENT).toBe('not-found')
    }
    const tab = openTab({ children: page('exports') })
    await expect.poll(() => tab.text('it'), PATIENT).toBe('0 of 0, no more')
  })
})

test('a trial is promised only to an account that still has it, and not to a visitor', async () => {
  const children = [createElement(FreeTrial, { key: 'trial' }), createElement(Switcher, { key: 'accounts' })]
  const tab = openTab({ children })
  await expect.poll(() => tab.text('trial'), PATIENT).toBe('out: false')
  await tab.logIn('ada')
  await expect.poll(() => tab.text('trial'), PATIENT).toBe('ready: true')
  const answer = backend.hold('billing.trial')
  tab.click('#to-team')
  await expect.poll(() => tab.text('trial'), PATIENT).toBe('loading: false')
  answer()
  await expect.poll(() => tab.text('trial'), PATIENT).toBe('ready: false')
})

test('a hook without a provider says what is missing', () => {
  const errors: unknown[] = []
  const root = createRoot(document.createElement('div'), { onUncaughtError: (error) => errors.push(error) })
  flushSync(() => root.render(createElement(Lonely)))
  expect(errors).toEqual([new Error('This hook of @tollgate/react needs a <TollgateProvider> around its component.')])
})

const Lonely = () => useSession().status
