import type { RouteObject } from 'react-router'

export const overviewRoutes: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('./overview-page.tsx')).OverviewPage }) },
  { path: 'mrr', lazy: async () => ({ Component: (await import('./mrr-changes-page.tsx')).MrrChangesPage }) },
  { path: 'trials', lazy: async () => ({ Component: (await import('./trials-page.tsx')).TrialsPage }) },
]
