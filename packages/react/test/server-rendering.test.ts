// @vitest-environment jsdom
import { createElement } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test } from 'vitest'
import type { TollgateProviderProps } from '../src/index.ts'
import { Application } from './application.tsx'
import { fakeBackend, person } from './fake-backend.ts'

/** Longer than Vitest waits by default, for a busy machine. */
const PATIENT = { timeout: 20_000 }

let root: Root | undefined
afterEach(() => {
  root?.unmount()
  document.body.replaceChildren()
})

const shown = (id: string) => document.querySelector(`#${id}`)?.textContent

type InitialSession = TollgateProviderProps['initialSession']

test.each<[string, InitialSession, string]>([
  ['the user whose session the server gives', { user: person('ada') }, 'adatyped nothingRefreshloadingloadingLog out'],
  ['the login page if the server knows that there is no session', null, 'Please log in. '],
  ['nothing of a user if the server gives no session', undefined, 'loading'],
])('a page from a server shows %s, and asks the backend only in the browser', async (_what, initialSession, text) => {
  const backend = fakeBackend()
  backend.cookie = initialSession === null ? null : 'ada'
  const page = (client = backend.client()) => createElement(Application, { client, initialSession })

  document.body.innerHTML = `<div>${renderToString(page())}</div>`
  expect(shown('page')).toBe(text)
  expect(backend.calls).toEqual([])

  const mismatches: unknown[] = []
  const element = document.body.firstElementChild
  if (!element) throw new Error('no page')
  root = hydrateRoot(element, page(), { onRecoverableError: (error) => mismatches.push(error) })
  if (initialSession === null) await expect.poll(() => shown('plans'), PATIENT).toBe('Pro')
  else await expect.poll(() => shown('projects'), PATIENT).toBe('1 of 10')
  expect(mismatches).toEqual([])
  expect(backend.calls.filter((path) => path.startsWith('auth.'))).toEqual(['auth.restore'])
})

test('a page from a server for one user shows none of their data after another one has logged in', async () => {
  const backend = fakeBackend()
  const page = (client = backend.client()) =>
    createElement(Application, { client, initialSession: { user: person('ada') } })
  document.body.innerHTML = `<div>${renderToString(page())}</div>`
  const element = document.body.firstElementChild
  if (!element) throw new Error('no page')
  backend.cookie = 'bob'
  root = hydrateRoot(element, page())
  await expect.poll(() => shown('user'), PATIENT).toBe('bob')
  await expect.poll(() => shown('projects'), PATIENT).toBe('2 of 10')
})
