import type { RouteObject } from 'react-router'

export const peopleRoutes: RouteObject[] = [
  { path: 'people', lazy: async () => ({ Component: (await import('./people-page.tsx')).PeoplePage }) },
  { path: 'people/:id', lazy: async () => ({ Component: (await import('./person-page.tsx')).PersonPage }) },
  { path: 'accounts', lazy: async () => ({ Component: (await import('./accounts-page.tsx')).AccountsPage }) },
  { path: 'accounts/:id', lazy: async () => ({ Component: (await import('./account-page.tsx')).AccountPage }) },
  { path: 'accounts/:id/access', lazy: async () => ({ Component: (await import('./explain-page.tsx')).ExplainPage }) },
]
