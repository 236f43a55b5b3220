import type { RouteObject } from 'react-router'
import { Broken } from './pages/broken.tsx'
import { CheckoutCanceled } from './pages/checkout-canceled.tsx'
import { CheckoutSuccess } from './pages/checkout-success.tsx'
import { LogIn } from './pages/log-in.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Plans } from './pages/plans.tsx'
import { SignUp } from './pages/sign-up.tsx'
import { MySubscription } from './pages/subscription.tsx'
import { VerifyEmail } from './pages/verify-email.tsx'
import { Welcome } from './pages/welcome.tsx'
import { Layout } from './parts/layout.tsx'
import { LoggedIn } from './parts/logged-in.tsx'

/** Mails and the payment page lead to these paths, so they are part of the contract (docs/contract.md). */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Broken />,
    children: [
      { path: '/', element: <Welcome /> },
      { path: '/signup', element: <SignUp /> },
      { path: '/login', element: <LogIn /> },
      { path: '/verify-email', element: <VerifyEmail /> },
      { path: '/plans', element: <Plans /> },
      { path: '/checkout/canceled', element: <CheckoutCanceled /> },
      {
        element: <LoggedIn />,
        children: [
          { path: '/checkout/success', element: <CheckoutSuccess /> },
          { path: '/subscription', element: <MySubscription /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]
