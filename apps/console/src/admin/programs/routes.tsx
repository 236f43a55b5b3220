import type { RouteObject } from 'react-router'

export const programsRoutes: RouteObject[] = [
  { path: 'keys', lazy: async () => ({ Component: (await import('./keys-page.tsx')).KeysPage }) },
  { path: 'webhooks', lazy: async () => ({ Component: (await import('./endpoints-page.tsx')).EndpointsPage }) },
  { path: 'webhooks/:id', lazy: async () => ({ Component: (await import('./endpoint-page.tsx')).EndpointPage }) },
  { path: 'deliveries/:id', lazy: async () => ({ Component: (await import('./delivery-page.tsx')).DeliveryPage }) },
]
