import type { RouteObject } from 'react-router'
import { Broken } from '../pages/broken.tsx'
import { NotFound } from '../pages/not-found.tsx'
import { AdminGate } from './kit/admin-gate.tsx'
import { moneyRoutes } from './money/routes.tsx'
import { overviewRoutes } from './overview/routes.tsx'
import { peopleRoutes } from './people/routes.tsx'
import { programsRoutes } from './programs/routes.tsx'
import { systemRoutes } from './system/routes.tsx'
import '../styles/admin.css'
import '../styles/admin-lists.css'
import '../styles/admin-dialogs.css'
import '../styles/admin-details.css'

/** Before the first page's script has arrived. */
const NothingYet = () => null

/** The operators' pages. Each area has its own list of routes. */
export const adminRoutes: RouteObject[] = [
  {
    path: '/admin',
    element: <AdminGate />,
    errorElement: <Broken />,
    HydrateFallback: NothingYet,
    children: [
      ...overviewRoutes,
      ...peopleRoutes,
      ...moneyRoutes,
      ...programsRoutes,
      ...systemRoutes,
      { path: '*', element: <NotFound /> },
    ],
  },
]
