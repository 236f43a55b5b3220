import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { queryClient, restoreSession } from './api.ts'
import { ToastHost } from './parts/toast-host.tsx'
import { addAdminRoutes, routes } from './routes.tsx'
import { reloadAfterDeploy } from './shell/reload-after-deploy.ts'
import { language } from './texts/language.ts'
import './styles/font.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/parts.css'
import './styles/overlays.css'
import './styles/account.css'
import './styles/plans.css'
import './styles/billing.css'
import './styles/usage.css'
import './styles/pages.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

/** Maximum time that the first page waits for the font, in milliseconds. Later, it would not be used on this page. */
const FONT_WAIT_MS = 500

document.documentElement.lang = language
const router = createBrowserRouter(routes, { patchRoutesOnNavigation: addAdminRoutes })
window.addEventListener('vite:preloadError', () => reloadAfterDeploy(router, import.meta.url))
void restoreSession()
await Promise.race([
  document.fonts.load('1em Inter').catch(() => null),
  new Promise((resolve) => setTimeout(resolve, FONT_WAIT_MS)),
])
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <ToastHost />
    </QueryClientProvider>
  </StrictMode>,
)
