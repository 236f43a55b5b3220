import type { RouteObject } from 'react-router'

export const programsRoutes: RouteObject[] = [
  { path: 'keys', lazy: async () => ({ Component: (await import('./keys-page.tsx')).KeysPage }) },
]
