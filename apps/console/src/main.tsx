import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { queryClient, restoreSession } from './api.ts'
import { ToastHost } from './parts/toast-host.tsx'
import { addAdminRoutes, routes } from './routes.tsx'
import { language } from './texts/catalogue.ts'
import './styles/font.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/account.css'
import './styles/billing.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

document.documentElement.lang = language
void restoreSession()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={createBrowserRouter(routes, { patchRoutesOnNavigation: addAdminRoutes })} />
      <ToastHost />
    </QueryClientProvider>
  </StrictMode>,
)
