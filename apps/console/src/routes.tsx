import type { RouteObject } from 'react-router'
import { AccountGate } from './accounts/account-gate.tsx'
import { AcceptInvitation } from './pages/accept-invitation.tsx'
import { AccountClosed } from './pages/account-closed.tsx'
import { Broken } from './pages/broken.tsx'
import { ChangePlan } from './pages/change-plan.tsx'
import { CheckoutCanceled } from './pages/checkout-canceled.tsx'
import { CheckoutSuccess } from './pages/checkout-success.tsx'
import { ConfirmEmail } from './pages/confirm-email.tsx'
import { ForgotPassword } from './pages/forgot-password.tsx'
import { LogInByCode } from './pages/log-in-by-code.tsx'
import { LogIn } from './pages/log-in.tsx'
import { Members } from './pages/members.tsx'
import { NewOrganization } from './pages/new-organization.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Organization } from './pages/organization.tsx'
import { ChangePassword } from './pages/password.tsx'
import { Plans } from './pages/plans.tsx'
import { Profile } from './pages/profile.tsx'
import { ResetPassword } from './pages/reset-password.tsx'
import { Sessions } from './pages/sessions.tsx'
import { SignUp } from './pages/sign-up.tsx'
import { MySubscription } from './pages/subscription.tsx'
import { VerifyEmail } from './pages/verify-email.tsx'
import { Welcome } from './pages/welcome.tsx'
import { LoggedIn } from './session/logged-in.tsx'
import { Layout } from './shell/layout.tsx'

/**
 * Emails and the checkout page link to these paths, so they are part of the contract.
 *
 * @see docs/contract/frontend-pages.md
 */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Broken />,
    children: [
      { path: '/', element: <Welcome /> },
      { path: '/signup', element: <SignUp /> },
      { path: '/login', element: <LogIn /> },
      { path: '/login/code', element: <LogInByCode /> },
      { path: '/forgot-password', element: <ForgotPassword /> },
      { path: '/reset-password', element: <ResetPassword /> },
      { path: '/verify-email', element: <VerifyEmail /> },
      { path: '/account-closed', element: <AccountClosed /> },
      { path: '/accept-invitation', element: <AcceptInvitation /> },
      {
        element: <AccountGate />,
        children: [
          { path: '/plans', element: <Plans /> },
          { path: '/checkout/canceled', element: <CheckoutCanceled /> },
        ],
      },
      {
        element: <LoggedIn />,
        children: [
          {
            element: <AccountGate />,
            children: [
              { path: '/checkout/success', element: <CheckoutSuccess /> },
              { path: '/subscription', element: <MySubscription /> },
              { path: '/plans/:planCode/change', element: <ChangePlan /> },
              { path: '/members', element: <Members /> },
              { path: '/organization', element: <Organization /> },
            ],
          },
          { path: '/organizations/new', element: <NewOrganization /> },
          { path: '/confirm-email', element: <ConfirmEmail /> },
          { path: '/profile', element: <Profile /> },
          { path: '/password', element: <ChangePassword /> },
          { path: '/sessions', element: <Sessions /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]
