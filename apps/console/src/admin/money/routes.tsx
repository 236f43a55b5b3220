import './money.css'
import type { RouteObject } from 'react-router'

export const moneyRoutes: RouteObject[] = [
  { path: 'plans', lazy: async () => ({ Component: (await import('./plans/plans-page.tsx')).PlansPage }) },
  { path: 'plans/:id', lazy: async () => ({ Component: (await import('./plans/plan-page.tsx')).PlanPage }) },
  { path: 'plan-moves/:id', lazy: async () => ({ Component: (await import('./plans/move-page.tsx')).MovePage }) },
  {
    path: 'subscriptions',
    lazy: async () => ({ Component: (await import('./subscriptions-page.tsx')).SubscriptionsPage }),
  },
  {
    path: 'subscriptions/:id',
    lazy: async () => ({ Component: (await import('./subscription-page.tsx')).SubscriptionPage }),
  },
  {
    path: 'discounts',
    lazy: async () => ({ Component: (await import('./discounts/discounts-page.tsx')).DiscountsPage }),
  },
  { path: 'payments', lazy: async () => ({ Component: (await import('./payments-page.tsx')).PaymentsPage }) },
  { path: 'payments/:id', lazy: async () => ({ Component: (await import('./payment-page.tsx')).PaymentPage }) },
  { path: 'recovery', lazy: async () => ({ Component: (await import('./recoveries-page.tsx')).RecoveriesPage }) },
  { path: 'disputes', lazy: async () => ({ Component: (await import('./disputes-page.tsx')).DisputesPage }) },
]
