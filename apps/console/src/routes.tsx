import { lazy, Suspense } from 'react'
import type { PatchRoutesOnNavigationFunction, RouteObject } from 'react-router'
import { AccountGate } from './accounts/account-gate.tsx'
import { Broken } from './pages/broken.tsx'
import { PageSkeleton } from './parts/page-skeleton.tsx'
import { LoggedIn } from './session/logged-in.tsx'
import { Layout } from './shell/layout.tsx'

/** Before the first page's script has arrived. A blank moment is calmer than a message that is gone at once. */
const NothingYet = () => null

/** The router loads all that a path can show. Visitors see another page at this one, and don't load it. */
const Home = lazy(async () => ({ default: (await import('./pages/home.tsx')).Home }))

function HomeOfUsers() {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Home />
    </Suspense>
  )
}

/** The operators' pages are a bundle of their own, so that customers don't load it. */
export const addAdminRoutes: PatchRoutesOnNavigationFunction = async ({ path, patch }) => {
  if (path !== '/admin' && !path.startsWith('/admin/')) return
  const { adminRoutes } = await import('./admin/routes.tsx')
  patch(null, adminRoutes)
}

/**
 * Each page is loaded when it is opened. Emails and the checkout page link to these paths, so they are part of the contract.
 *
 * @see docs/contract/frontend-pages.md
 */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Broken />,
    HydrateFallback: NothingYet,
    children: [
      {
        path: '/',
        lazy: async () => ({ Component: (await import('./pages/welcome.tsx')).Welcome }),
        children: [{ index: true, Component: HomeOfUsers }],
      },
      { path: '/signup', lazy: async () => ({ Component: (await import('./pages/sign-up.tsx')).SignUp }) },
      { path: '/login', lazy: async () => ({ Component: (await import('./pages/log-in.tsx')).LogIn }) },
      {
        path: '/login/code',
        lazy: async () => ({ Component: (await import('./pages/log-in-by-code.tsx')).LogInByCode }),
      },
      {
        path: '/forgot-password',
        lazy: async () => ({ Component: (await import('./pages/forgot-password.tsx')).ForgotPassword }),
      },
      {
        path: '/reset-password',
        lazy: async () => ({ Component: (await import('./pages/reset-password.tsx')).ResetPassword }),
      },
      {
        path: '/verify-email',
        lazy: async () => ({ Component: (await import('./pages/verify-email.tsx')).VerifyEmail }),
      },
      {
        path: '/account-closed',
        lazy: async () => ({ Component: (await import('./pages/account-closed.tsx')).AccountClosed }),
      },
      {
        path: '/accept-invitation',
        lazy: async () => ({ Component: (await import('./pages/accept-invitation.tsx')).AcceptInvitation }),
      },
      {
        element: <AccountGate />,
        children: [
          { path: '/plans', lazy: async () => ({ Component: (await import('./pages/plans.tsx')).Plans }) },
          {
            path: '/checkout/canceled',
            lazy: async () => ({ Component: (await import('./pages/checkout-canceled.tsx')).CheckoutCanceled }),
          },
        ],
      },
      {
        element: <LoggedIn />,
        children: [
          {
            element: <AccountGate />,
            children: [
              {
                path: '/checkout/success',
                lazy: async () => ({ Component: (await import('./pages/checkout-success.tsx')).CheckoutSuccess }),
              },
              {
                path: '/subscription',
                lazy: async () => ({ Component: (await import('./pages/subscription.tsx')).MySubscription }),
              },
              {
                path: '/subscription/cards',
                lazy: async () => ({ Component: (await import('./pages/cards.tsx')).Cards }),
              },
              {
                path: '/subscription/details',
                lazy: async () => ({ Component: (await import('./pages/billing-details.tsx')).BillingDetails }),
              },
              {
                path: '/subscribe/:planCode',
                lazy: async () => ({ Component: (await import('./pages/subscribe.tsx')).Subscribe }),
              },
              {
                path: '/plans/:planCode/change',
                lazy: async () => ({ Component: (await import('./pages/change-plan.tsx')).ChangePlan }),
              },
              { path: '/members', lazy: async () => ({ Component: (await import('./pages/members.tsx')).Members }) },
              {
                path: '/organization',
                lazy: async () => ({ Component: (await import('./pages/organization.tsx')).Organization }),
              },
            ],
          },
          {
            path: '/organizations/new',
            lazy: async () => ({ Component: (await import('./pages/new-organization.tsx')).NewOrganization }),
          },
          {
            path: '/confirm-email',
            lazy: async () => ({ Component: (await import('./pages/confirm-email.tsx')).ConfirmEmail }),
          },
          { path: '/profile', lazy: async () => ({ Component: (await import('./pages/profile.tsx')).Profile }) },
          {
            path: '/password',
            lazy: async () => ({ Component: (await import('./pages/password.tsx')).ChangePassword }),
          },
          { path: '/sessions', lazy: async () => ({ Component: (await import('./pages/sessions.tsx')).Sessions }) },
        ],
      },
      { path: '*', lazy: async () => ({ Component: (await import('./pages/not-found.tsx')).NotFound }) },
    ],
  },
]
