import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTollgateClient } from '@tollgate/client'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { RequireSession, TollgateProvider } from '../src/index.ts'

test('it needs no browser', () => {
  expect(globalThis).not.toHaveProperty('window')
  const client = createTollgateClient({ url: 'http://127.0.0.1:9' })
  const guard = createElement(RequireSession, { fallback: ({ status }) => status, children: 'For users' })
  const page = createElement(TollgateProvider, { client, children: guard })
  const html = renderToString(createElement(QueryClientProvider, { client: new QueryClient() }, page))
  expect(html).toBe('loading')
})
